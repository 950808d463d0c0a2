"""``/// exercise``, its ``/// answer``, and ``/// broken``: work for the reader."""

from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
from pymdownx.blocks.block import Block, type_any, type_integer, type_string

from docs._extension import proofs
from docs._extension.blocks_derivation import formula
from docs._extension.book import BookError, Context
from docs._extension.html import Element, Options, plain, tag
from docs._extension.mathematics import FormulaError, mathml
from docs._extension.numbers import ExpressionError, evaluate

_QUESTION = (
    "One of these steps leads to a false line. Which one, and what should the line say?"
)


def slug(title: str) -> str:
    """Turn a title into an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


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
    words = "Answer" if not checked else "Answer, checked when this page was built"
    return tag("details", tag("summary", plain(words)), class_="answer")


class ExerciseBlock(Block):
    """A question; the answer is folded away, and its checks ran at build."""

    NAME = "exercise"
    ARGUMENT = True
    OPTIONS: ClassVar[Options] = {"answer": ("", type_string), "check": ([], type_any)}

    def on_create(self, parent: Element) -> Element:
        """Open the exercise and run its checks."""
        context: Context = self.config["context"]
        title = self.argument.strip()
        try:
            self.checked = check(self.options["check"])
        except (ExpressionError, ValueError) as error:
            near = f"exercise | {title}"
            raise context.error(str(error), near=near) from None
        self.body = tag("div", class_="question")
        anchor = f"exercise-{slug(title)}"
        heading = tag("p", tag("span", title, class_="title"), class_="head")
        heading.set("id", f"{anchor}-title")
        made = tag(
            "section",
            heading,
            self.body,
            class_="exercise",
            id=anchor,
            aria_labelledby=f"{anchor}-title",
        )
        parent.append(made)
        return made

    def on_add(self, _block: Element) -> Element:
        """Put the body into the question."""
        return self.body

    def on_end(self, block: Element) -> None:
        """Append the answer of the option, below the question."""
        if self.options["answer"].strip():
            folded = _answer(self.checked)
            self.md.parser.parseChunk(folded, self.options["answer"].strip())
            block.append(folded)


class AnswerBlock(Block):
    """A longer answer, written as a block inside an exercise."""

    NAME = "answer"
    ARGUMENT = None
    OPTIONS: ClassVar[Options] = {"check": ([], type_any)}

    def on_create(self, parent: Element) -> Element:
        """Open the answer and run its checks."""
        context: Context = self.config["context"]
        try:
            checked = check(self.options["check"])
        except (ExpressionError, ValueError) as error:
            raise context.error(str(error), near=str(self.options["check"])) from None
        made = _answer(checked)
        parent.append(made)
        return made


class BrokenBlock(Block):
    """A true derivation with one step made false: find it."""

    NAME = "broken"
    ARGUMENT = True
    OPTIONS: ClassVar[Options] = {"step": (0, type_integer), "seed": (0, type_integer)}

    def on_create(self, parent: Element) -> Element:
        """Break the derivation, and make sure that the engine refuses that step."""
        context: Context = self.config["context"]
        name = self.argument.strip()
        try:
            found = proofs.broken(
                name, step=self.options["step"] or None, seed=self.options["seed"]
            )
            made = self._render(found)
        except (BookError, FormulaError) as error:
            raise context.error(str(error), near=f"broken | {name}") from None
        parent.append(made)
        return made

    def _render(self, found: proofs.Broken) -> Element:
        rows = []
        for number, line in enumerate(found.lines):
            row = tag("li", class_="line" if number else "line start")
            if number:
                relation = self.md.htmlStash.store(mathml(line.relation))
                row.append(tag("span", plain(str(number)), class_="number"))
                row.append(tag("span", relation, class_="relation"))
            row.append(formula(self.md, line.formula, class_="expression scroll"))
            if number:
                row.append(tag("div", tag("span", line.reason), class_="reason"))
            rows.append(row)
        answer = tag(
            "details",
            tag("summary", plain("Which step?")),
            tag(
                "p",
                plain(f"Step {found.step}. The engine refuses it: {found.refusal}."),
            ),
            tag("p", "The true line is"),
            formula(self.md, found.true_formula, class_="scroll"),
            class_="answer",
        )
        return tag(
            "section",
            tag("p", tag("span", "Find the wrong step", class_="title"), class_="head"),
            tag("p", _QUESTION),
            tag("ol", *rows, class_="lines"),
            answer,
            class_="derivation broken",
            aria_label=f"Find the wrong step: {found.title}",
        )
