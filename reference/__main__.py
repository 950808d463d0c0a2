"""``python -m reference`` is the command ``lemmata``."""

from reference.conformance.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
