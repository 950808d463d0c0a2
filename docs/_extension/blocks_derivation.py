"""``/// derivation | chapter.concept.name``: every line, and the reason beside it."""

from __future__ import annotations

from markdown import Markdown
from pymdownx.blocks.block import Block

from docs._extension import proofs
from docs._extension.book import BookError, Context
from docs._extension.html import Element, plain, tag
from docs._extension.ledger_pages import derivation_link
from docs._extension.mathematics import FormulaError, mathml


def formula(md: Markdown, tex: str, **attributes: str | None) -> Element:
    """Make an element that holds one formula in display style."""
    return tag("div", md.htmlStash.store(mathml(tex, display=True)), **attributes)


def _line(
    md: Markdown,
    context: Context,
    proof: proofs.Proof,
    number: int,
    line: proofs.Line,
) -> Element:
    anchor = f"{proof.name}-{number}"
    row = tag("li", class_="line" if number else "line start", id=anchor)
    if number:
        row.append(
            tag(
                "a",
                plain(str(number)),
                class_="number",
                href=f"#{anchor}",
                title=f"Link to step {number}",
            )
        )
        relation = md.htmlStash.store(mathml(line.relation))
        row.append(tag("span", relation, class_="relation"))
    row.append(formula(md, line.formula, class_="expression scroll"))
    if number:
        checks = tag("ul", *(tag("li", check) for check in line.checks))
        if line.cites:
            link = derivation_link(context, line.cites)
            checks.insert(0, tag("li", "Cites ", link, "."))
        summary = tag("summary", tag("span", line.reason, class_="why"))
        row.append(tag("details", summary, checks, class_="reason"))
    return row


def render(md: Markdown, context: Context, proof: proofs.Proof) -> Element:
    """Lay out one derivation."""
    steps = f"{proof.steps} step" + ("s" if proof.steps != 1 else "")
    switch = tag("input", type="checkbox", class_="hide-reasons")
    heading = tag(
        "div",
        tag("span", proof.title, class_="title", id=f"{proof.name}-title"),
        tag("label", switch, plain(" hide the reasons"), class_="switch"),
        tag("span", plain(f"{steps}, checked"), class_="chip holds"),
        class_="head",
    )
    box = tag(
        "section",
        heading,
        class_="derivation",
        id=proof.name,
        aria_labelledby=f"{proof.name}-title",
    )
    if proof.setting:
        box.append(tag("p", proof.setting, class_="setting"))
    rows = (_line(md, context, proof, n, line) for n, line in enumerate(proof.lines))
    box.append(tag("ol", *rows, class_="lines"))
    if proof.scope:
        box.append(tag("p", proof.scope, class_="scope"))
    return box


class DerivationBlock(Block):
    """A derivation, drawn from the object that was checked."""

    NAME = "derivation"
    ARGUMENT = True

    def on_create(self, parent: Element) -> Element:
        """Render the derivation, or name the line that asks for it."""
        context: Context = self.config["context"]
        name = self.argument.strip()
        try:
            made = render(self.md, context, proofs.proof(name))
        except (BookError, FormulaError) as error:
            raise context.error(str(error), near=f"derivation | {name}") from None
        parent.append(made)
        return made
