# Two commands do everything from a fresh clone: `make book` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# The environment is ready when this file is newer than what it depends on.
READY  := $(VENV)/.ready
# How many seeds to try the laws under.
SEEDS  ?= 50
# What needs no second run under coverage: it takes no branch that nothing else takes.
ONCE   := --ignore tests/repository/test_faults.py --ignore tests/engine/test_mutants.py \
  --ignore tests/site \
  -k "not (hash_seed or report_in_the_book or snippet_prints or where_the_caller_is)" \
  -m "not (slow or benchmark or browser or nightly or libraries)"

export NO_MKDOCS_2_WARNING := 1

.PHONY: book test check format coverage mutate seeds libraries library-seeds sweeps \
  nightly clean
.DEFAULT_GOAL := test

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

book: $(READY)  ## Check every derivation, then build the site into site/.
	$(BIN)/python -m docs._extension.certificates
	$(BIN)/python -m mkdocs build --strict
	@echo "The book is built. Open it here: file://$(CURDIR)/site/index.html"

test: $(READY)  ## Run the whole suite on all cores.
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(READY)  ## Lint, formatting, types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)  ## Rewrite the code in the house style.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(READY)  ## Branch coverage of reference and derivations; fails below 100 %.
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto --dist worksteal --hypothesis-profile lines $(ONCE)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

mutate: $(READY)  ## Mutation score of reference; fails below 95 % (half an hour).
	$(BIN)/mutmut run
	$(BIN)/mutmut export-cicd-stats
	$(BIN)/python tests/repository/mutation_score.py

# What no seed can change is left out: only what Hypothesis draws inputs for is run.
seeds: $(READY)  ## Every test that draws under SEEDS different seeds, 50 unless told.
	@for seed in $$(seq $(SEEDS)); do echo "seed $$seed"; \
	  $(BIN)/python -m pytest -q -n auto --hypothesis-profile quick --hypothesis-seed $$seed \
	  -m "hypothesis and not (slow or benchmark or browser or nightly or libraries)" \
	  || exit 1; done

LIBRARIES := jax keras mygrad optax scipy sklearn tinygrad torch
space := $(subst ,, )
comma := ,
# JAX compiles every function for every shape; what it has compiled once it finds again.
CACHED := JAX_COMPILATION_CACHE_DIR=$(CURDIR)/.cache/jax \
  JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0 \
  JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES=-1

libraries: $(READY)  ## Check every library that has an adapter (JAX and tinygrad take minutes).
	$(BIN)/python -m pip install --quiet -c constraints.txt \
	  -e ".[$(subst $(space),$(comma),$(LIBRARIES))]"
	$(BIN)/python -m pytest -m "libraries and not (nightly or benchmark)" tests
	@for name in $(LIBRARIES); do $(CACHED) $(BIN)/lemmata check $$name || exit 1; done

library-seeds: SEEDS = 20
library-seeds: $(READY)  ## What seeds can change, of every library: SEEDS seeds, 20 unless told.
	@for name in $(LIBRARIES); do \
	  $(CACHED) $(BIN)/python -m tests.conformance.seeds $$name --seeds $(SEEDS) || exit 1; done

SWEPT := $(notdir $(basename $(wildcard docs/reference/sweeps/*.json)))

sweeps: $(READY)  ## Try all float32 again, for every certificate of the book (an hour).
	@mkdir -p .cache/sweeps
	@for name in $(SWEPT); do $(BIN)/lemmata accuracy reference -k $$name --dtype float32 \
	  --exhaustive --state .cache/sweeps/$$name \
	  --report docs/reference/sweeps/$$name.json || exit 1; done

nightly: $(READY)  ## The long forms: 2,000 examples a law, 10,000 fuzzed expressions.
	$(BIN)/python -m pytest -n auto --hypothesis-profile nightly -m "nightly or not nightly"

clean:  ## Remove what was built; the environment stays.
	rm -rf site .cache .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants dist
