"""The page of divergences: all that is excused is listed, with how far it goes."""

import re
from html import unescape

import markdown
import pytest

from docs._extension import divergences as module
from docs._extension.book import ROOT, BookError
from docs._extension.divergences import at_most, thread
from reference.conformance.known import ANY, Divergence, divergences
from reference.conformance.target import ADAPTERS

PAGE = ROOT / "docs" / "reference" / "divergences.md"


def convert(text):
    return markdown.markdown(text, extensions=["docs._extension"])


def shown(library):
    return unescape(convert(f"/// divergences | {library}\n///"))


def test_every_library_is_on_the_page():
    named = re.findall(r"^/// divergences \| (\w+)$", PAGE.read_text("utf-8"), re.M)
    assert sorted(named) == sorted(ADAPTERS)


@pytest.mark.parametrize("library", ADAPTERS)
def test_every_entry_is_shown_with_its_reason_its_size_and_its_thread(library):
    text = shown(library)
    entries = divergences(library, "unknown")
    assert text.count("<li>") == len(entries)
    for entry in entries:
        assert f"{entry.reason}." in text
        assert entry.example in text
        assert at_most(entry) in text
        assert f'href="{entry.link}"' in text or not entry.link
    laws = sum(map(int, re.findall(r"</a> \((\d+)\)", text)))
    assert laws == sum(len(set(entry.laws) - {ANY}) for entry in entries)
    anyone = text.count("Laws: <span>any")
    assert anyone == sum(ANY in entry.laws for entry in entries)


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"absolute": 5.6e-309}, "5.6e-309"),
        ({"eps": 2.0}, "2 eps"),
        ({"tiny": 16.0}, "16 times the smallest normal number"),
        ({"relative": 1.0}, "100% of it"),
        ({"relative": 3e-7, "absolute": 1e-38}, "1e-38 + 3e-07 of it"),
        ({}, ""),
    ],
)
def test_how_far_it_goes_is_written_short(limits, text):
    assert at_most(Divergence((), (), "", **limits)) == text


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://github.com/a/b/issues/12", "a/b#12"),
        ("https://github.com/a/b/pull/12", "a/b#12"),
        ("https://docs.a.org/b/c.html", "docs.a.org"),
    ],
)
def test_a_thread_is_named_as_its_project_does(link, name):
    assert thread(link) == name


def test_an_unknown_library_stops_the_build():
    with pytest.raises(BookError, match=r"divergences are of jax, .* got 'theano'"):
        shown("theano")


def test_a_law_without_a_page_stops_the_build(monkeypatch):
    entry = Divergence(("a/test_b.py::test_c",), ("nan",), "a reason", ">=1")
    monkeypatch.setattr(module, "divergences", lambda *_: [entry])
    with pytest.raises(BookError, match="a law of a/b, which is no page"):
        shown("torch")
