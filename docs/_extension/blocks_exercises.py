"""``/// exercise``, its ``/// answer``, and ``/// broken``: work for the reader."""

from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
from pymdownx.blocks.block import type_any, type_integer, type_string

from docs._extension import proofs
from docs._extension.blocks import BookBlock
from docs._extension.blocks_derivation import formula, row
from docs._extension.html import Element, Options, plain, slug, tag
from docs._extension.numbers import ExpressionError, evaluate

WRONG_STEP = "Find the wrong step"
_QUESTION = (
    "One of these steps leads to a false line. Which one, and what should the line say?"
)


def check(expressions: str | list[str]) -> int:
    """Evaluate the checks of an answer; each must be True. Return how many."""
    listed = [expressions] if isinstance(expressions, str) else list(expressions)
    for expression in listed:
        value = evaluate(str(expression))
        if not (isinstance(value, bool | np.bool_) and value):
            msg = f"the check {expression!r} must be True, got {value!r}"
            raise ExpressionError(msg)
    return len(listed)


def _answer(checked: int) -> Element:
    words = "Answer, checked when this page was built" if checked else "Answer"
    return tag("details", tag("summary", plain(words)), class_="answer")


class ExerciseBlock(BookBlock):
    """A question; the answer is folded away, and its checks ran at build."""

    NAME = "exercise"
    ARGUMENT = True
    OPTIONS: ClassVar[Options] = {
        "answer": ("", type_string),
        "check": ([], type_any),
    }

    def make(self) -> Element:
        """Open the exercise and run its checks."""
        self.checked = check(self.options["check"])
        self.question = tag("div", class_="question")
        title = self.argument.strip()
        anchor = f"exercise-{slug(title)}"
        heading = tag("p", tag("span", title, class_="title"), class_="head")
        heading.set("id", f"{anchor}-title")
        made = tag("section", heading, self.question, class_="exercise", id=anchor)
        made.set("aria-labelledby", f"{anchor}-title")
        return made

    def on_add(self, _block: Element) -> Element:
        """Put the body into the question."""
        return self.question

    def on_end(self, block: Element) -> None:
        """Append the answer of the option, below the question."""
        if self.options["answer"].strip():
            folded = _answer(self.checked)
            self.md.parser.parseChunk(folded, self.options["answer"].strip())
            block.append(folded)


class AnswerBlock(BookBlock):
    """A longer answer, written as a block inside an exercise."""

    NAME = "answer"
    ARGUMENT = None
    OPTIONS: ClassVar[Options] = {"check": ([], type_any)}

    def make(self) -> Element:
        """Open the answer and run its checks."""
        return _answer(check(self.options["check"]))


class BrokenBlock(BookBlock):
    """A true derivation with one line made false: find the step."""

    NAME = "broken"
    ARGUMENT = True
    OPTIONS: ClassVar[Options] = {
        "step": (0, type_integer),
        "seed": (0, type_integer),
    }

    def make(self) -> Element:
        """Break the derivation where the engine then refuses exactly that step."""
        found = proofs.broken(
            self.argument.strip(),
            step=self.options["step"] or None,
            seed=self.options["seed"],
        )
        refusal = re.sub(r"-(?=\d)", "−", found.refusal)
        rows = []
        for number, line in enumerate(found.lines):
            made = row(self.md, number, line)
            if number:
                made.append(tag("div", line.reason, class_="reason"))
            rows.append(made)
        answer = tag(
            "details",
            tag("summary", plain("Which step?")),
            tag("p", plain(f"Step {found.step}. The engine: {refusal}.")),
            tag("p", "The true line is"),
            formula(self.md, found.true_formula, class_="scroll"),
            class_="answer",
        )
        return tag(
            "section",
            tag("p", tag("span", WRONG_STEP, class_="title"), class_="head"),
            tag("p", _QUESTION),
            tag("p", found.setting, class_="setting"),
            tag("ol", *rows, class_="lines"),
            answer,
            class_="derivation broken",
            id=f"wrong-step-{slug(self.argument)}",
            aria_label=f"{WRONG_STEP}: {found.title}",
        )
