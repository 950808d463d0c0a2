"""``/// derivation | chapter.concept.name``: every line, and the reason beside it."""

from __future__ import annotations

import re

from markdown import Markdown

from docs._extension import proofs
from docs._extension.blocks import BookBlock
from docs._extension.html import Element, plain, tag
from docs._extension.ledger_pages import derivation_link
from docs._extension.mathematics import breadth, breaking, mathml, rigid

# In em: a formula or a reason broader than this stand below each other.
WIDE = 24.0
WIDE_REASON = 13.0
_FORMULA = re.compile(r"\$([^$]+)\$")


def formula(md: Markdown, tex: str, **attributes: str | None) -> Element:
    """Make an element that holds one formula in display style."""
    return tag("div", md.htmlStash.store(breaking(tex, display=True)), **attributes)


def row(md: Markdown, number: int, line: proofs.Line) -> Element:
    """Lay out number, relation and formula of a line; the first has no relation."""
    broad = breadth(line.formula) > WIDE or any(
        rigid(tex) > WIDE_REASON for tex in _FORMULA.findall(line.reason)
    )
    kind = "start" if not number else "wide" if broad else ""
    made = tag("li", class_=f"line {kind}".strip())
    if number:
        made.append(tag("span", plain(str(number)), class_="number"))
        made.append(
            tag("span", md.htmlStash.store(mathml(line.relation)), class_="relation")
        )
    made.append(formula(md, line.formula, class_="expression scroll"))
    return made


class DerivationBlock(BookBlock):
    """A derivation, drawn from the object that was checked."""

    NAME = "derivation"
    ARGUMENT = True

    def make(self) -> Element:
        """Lay out the head and every line."""
        proof = proofs.proof(self.argument.strip())
        steps = f"{proof.steps} step" + ("s" if proof.steps != 1 else "")
        title = f"{proof.name}-title"
        head = tag(
            "div",
            tag("span", proof.title, class_="title", id=title),
            tag("span", plain(f"{steps}, checked"), class_="chip holds"),
            class_="head",
        )
        if proof.steps > 1:
            switch = tag("input", type="checkbox", class_="hide-reasons")
            words = plain(" hide the reasons")
            head.insert(1, tag("label", switch, words, class_="switch"))
        made = tag("section", head, class_="derivation", id=proof.name)
        made.set("aria-labelledby", title)
        if proof.setting:
            made.append(tag("p", proof.setting, class_="setting"))
        rows = (self._line(proof, n, line) for n, line in enumerate(proof.lines))
        made.append(tag("ol", *rows, class_="lines"))
        if proof.scope:
            made.append(tag("p", proof.scope, class_="scope"))
        return made

    def _line(self, proof: proofs.Proof, number: int, line: proofs.Line) -> Element:
        made = row(self.md, number, line)
        anchor = f"{proof.name}-{number}"
        made.set("id", anchor)
        if not number:
            return made
        link = tag("a", plain(str(number)), class_="number", href=f"#{anchor}")
        link.set("title", f"Link to step {number}")
        made[0] = link
        checks = tag("ul", *(tag("li", check) for check in line.checks))
        if line.cites:
            cited = derivation_link(self.context, line.cites)
            checks.insert(0, tag("li", "Cites ", cited, "."))
        summary = tag("summary", tag("span", line.reason, class_="why"))
        made.append(tag("details", summary, checks, class_="reason"))
        return made
