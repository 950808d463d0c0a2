"""The claims ledger as tables: ``/// ledger``, ``/// ledger-summary``."""

from __future__ import annotations

from collections import Counter

from docs._extension import sources
from docs._extension.blocks import BookBlock
from docs._extension.book import BookError, Context, pages
from docs._extension.html import Element, plain, table, tag


def verdict_chip(claim: sources.Claim) -> Element:
    """Show the verdict as a word on a colored ground."""
    name = claim.verdict.replace(" ", "-")
    return tag(
        "span",
        plain(claim.verdict),
        class_=f"chip {name}",
        title=sources.VERDICTS[claim.verdict],
    )


def derivation_link(context: Context, name: str) -> Element:
    """Link to where a derivation is shown, or name it where it is not."""
    for page in pages():
        if f"derivation | {name}\n" in page.source:
            return tag("a", tag("code", plain(name)), href=context.link(page, name))
    return tag("code", plain(name))


def decided_by(context: Context, claim: sources.Claim) -> Element:
    """Name the tests and derivations that decide a claim."""
    made = tag("p", class_="deciders")
    laws = sources.deciders(claim)
    if not laws and not claim.derivations:
        made.text = plain("Nothing in this book can decide it.")
        return made
    parts: list[Element] = [
        *(derivation_link(context, name) for name in claim.derivations),
        *(tag("code", plain(law.test)) for law in laws),
    ]
    made.text = plain("Decided by ")
    for part in parts:
        part.tail = plain("" if part is parts[-1] else ", ")
        made.append(part)
    return made


def _concept(context: Context, claim: sources.Claim) -> Element:
    for page in pages():
        if page.name == claim.concept:
            return tag("a", plain(page.title), href=context.link(page))
    return tag("span", plain(claim.concept.rpartition("/")[2].replace("_", " ")))


class LedgerBlock(BookBlock):
    """Every claim of one article, or of all in short."""

    NAME = "ledger"
    ARGUMENT = True

    def make(self) -> Element:
        """Lay the claims out so that they read without scripts."""
        wanted = self.argument.strip()
        if wanted != "all" and wanted not in sources.ARTICLES:
            known = ", ".join(sources.ARTICLES)
            msg = f"there is no article {wanted!r}; there are {known} and all"
            raise BookError(msg)
        listed = [
            claim
            for claim in sources.ledger().values()
            if wanted in ("all", claim.article)
        ]
        made = tag("div", class_="ledger")
        if wanted == "all":
            made.append(self._short(listed))
        else:
            made.extend(self._whole(claim) for claim in listed)
        if not listed:
            made.append(tag("p", "No claim of this article is decided yet."))
        return made

    def _short(self, listed: list[sources.Claim]) -> Element:
        rows: list[list[Element | str]] = [
            [
                tag(
                    "a",
                    plain(claim.id),
                    href=self.context.link(
                        f"claims/{claim.article.lower()}.md", claim.id
                    ),
                ),
                claim.says,
                verdict_chip(claim),
                _concept(self.context, claim),
            ]
            for claim in listed
        ]
        made = table(["Claim", "Said", "Verdict", "Page"], rows, label="All claims")
        for row, claim in zip(made.iter("tr"), [None, *listed], strict=True):
            if claim is not None:
                _facets(row, claim)
        return made

    def _whole(self, claim: sources.Claim) -> Element:
        made = tag(
            "section",
            tag(
                "p",
                verdict_chip(claim),
                plain(" "),
                tag("a", plain(claim.id), href=f"#{claim.id}"),
                class_="head",
            ),
            tag("p", tag("strong", plain("Said:")), " " + claim.says),
            tag("p", tag("strong", plain("Why:")), " " + claim.because),
            class_=f"claim {claim.verdict.replace(' ', '-')}",
            id=claim.id,
            aria_label=f"Claim {claim.id}",
        )
        if claim.correction:
            fixed = tag("p", tag("strong", plain("In truth:")), " " + claim.correction)
            made.append(fixed)
        where = tag("p", plain(f"{claim.where} · "), _concept(self.context, claim))
        where.set("class", "deciders")
        made.append(where)
        made.append(decided_by(self.context, claim))
        _facets(made, claim)
        return made


def _facets(element: Element, claim: sources.Claim) -> None:
    """Attach what the filter script reads."""
    element.set("data-article", claim.article)
    element.set("data-verdict", claim.verdict)
    element.set("data-concept", claim.concept)


class LedgerSummaryBlock(BookBlock):
    """How many claims of each article have which verdict."""

    NAME = "ledger-summary"
    ARGUMENT = False

    def make(self) -> Element:
        """Count the verdicts."""
        counts = Counter((c.article, c.verdict) for c in sources.ledger().values())
        rows: list[list[Element | str]] = []
        for article, title in sources.ARTICLES.items():
            page = self.context.link(f"claims/{article.lower()}.md")
            found = [counts[article, verdict] for verdict in sources.VERDICTS]
            cells = [plain(str(number or "·")) for number in (*found, sum(found))]
            rows.append([tag("a", plain(title), href=page), *cells])
        head = ["Article", *sources.VERDICTS, "all"]
        return table(head, rows, label="Claims by article and verdict")


class VerdictsBlock(BookBlock):
    """What each verdict means."""

    NAME = "verdicts"
    ARGUMENT = False

    def make(self) -> Element:
        """List the verdicts."""
        made = tag("ul", class_="verdicts")
        for verdict, meaning in sources.VERDICTS.items():
            name = verdict.replace(" ", "-")
            chip = tag("span", plain(verdict), class_=f"chip {name}")
            made.append(tag("li", chip, plain(f" {meaning}")))
        return made
