"""``/// properties`` and ``/// claim``: what tests say, and what they decide."""

from __future__ import annotations

from docs._extension import sources
from docs._extension.blocks import BookBlock
from docs._extension.book import BookError
from docs._extension.html import Element, plain, tag
from docs._extension.ledger_pages import decided_by, verdict_chip


class PropertiesBlock(BookBlock):
    """The laws of a concept, from its test file."""

    NAME = "properties"
    ARGUMENT = True

    def make(self) -> Element:
        """List the laws by level."""
        laws = sources.laws(self.argument.strip().replace(".", "/"))
        made = tag("div", class_="laws")
        for level, heading in (
            ("mathematics", "Laws of mathematics"),
            ("contract", "Promises of this implementation"),
        ):
            listed = [law for law in laws if law.level == level]
            if listed:
                made.append(
                    tag("p", plain(f"{heading} ({len(listed)})"), class_="head")
                )
                items = (self._law(law) for law in listed)
                made.append(tag("ul", *items))
        return made

    def _law(self, law: sources.Law) -> Element:
        chips = (tag("span", plain(claim), class_="chip") for claim in law.claims)
        sentence = tag("span", law.sentence + ".", class_="sentence")
        detail = tag("div", class_="law-detail", data_search_exclude="")
        if law.note:
            detail.append(tag("p", plain(law.note)))
        if law.claims:
            links = [
                tag(
                    "a",
                    plain(claim),
                    href=self.context.link(_ledger_page(claim), claim),
                )
                for claim in law.claims
            ]
            detail.append(
                tag("p", plain("Decides "), *_between(links, ", "), plain("."))
            )
        drawn = [tag("code", plain(text)) for text in law.inputs]
        if drawn:
            detail.append(tag("p", plain("Inputs: "), *_between(drawn, ", ")))
        else:
            detail.append(tag("p", plain("Inputs: fixed cases in the test.")))
        detail.append(tag("p", plain("Test: "), tag("code", plain(law.test))))
        return tag("li", tag("details", tag("summary", sentence, *chips), detail))


def _ledger_page(claim: str) -> str:
    return f"claims/{claim.partition('-')[0].lower()}.md"


def _between(elements: list[Element], separator: str) -> list[Element | str]:
    mixed: list[Element | str] = []
    for element in elements:
        if mixed:
            mixed.append(plain(separator))
        mixed.append(element)
    return mixed


class ClaimBlock(BookBlock):
    """One entry of the ledger; the body, if any, is the page's own comment."""

    NAME = "claim"
    ARGUMENT = True

    def make(self) -> Element:
        """Show the claim, its verdict and what decides it."""
        wanted = self.argument.strip()
        found = sources.ledger().get(wanted)
        if found is None:
            msg = f"the ledger has no claim {wanted!r}"
            raise BookError(msg)
        entry = self.context.link(_ledger_page(found.id), found.id)
        head = tag(
            "p",
            verdict_chip(found),
            plain(" "),
            tag("a", plain(found.id), href=entry),
            plain(f"“{sources.ARTICLES[found.article]}” · {found.where}"),
            class_="head",
        )
        made = tag("section", head, class_=f"claim {slug_of(found)}")
        made.set("aria-label", f"Claim {found.id}")
        made.append(tag("p", tag("strong", plain("Said:")), " " + found.says))
        made.append(tag("p", tag("strong", plain("Why:")), " " + found.because))
        if found.correction:
            fixed = tag("p", tag("strong", plain("In truth:")), " " + found.correction)
            made.append(fixed)
        made.append(decided_by(self.context, found))
        return made


def slug_of(claim: sources.Claim) -> str:
    """Class name of a claim's verdict."""
    return claim.verdict.replace(" ", "-")
