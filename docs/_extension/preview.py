"""Preview one page: ``python -m docs._extension.preview docs/<chapter>/<concept>.md``.

Only that page is built, into ``.cache/preview/<chapter>-<concept>/``. ``--png`` also
takes pictures in light, dark and at phone width; ``--open`` opens it in a browser.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
import webbrowser
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from derivations.engine import StepError
from docs._extension import certificates
from docs._extension.book import DOCS, ROOT, BookError

TARGET = ROOT / ".cache" / "preview"
# A browser that needs no screen and asks for nothing.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

_CHROMIUM = Path("/usr/bin/chromium")
_SHOTS = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390)}


def preview(page: Path) -> Path:
    """Build one page and return the HTML file."""
    name = page.resolve().relative_to(DOCS).as_posix()
    target = TARGET / name.removesuffix(".md").replace("/", "-")
    shown = re.findall(
        r"^/{3,} *(?:derivation|broken) *\| *(\S+)", page.read_text("utf-8"), re.M
    )
    for derivation in sorted(set(shown)):
        if not certificates.is_fresh(derivation):
            certificates.certify(derivation)
    config = load_config(
        str(ROOT / "mkdocs.yml"),
        site_dir=str(target),
        strict=False,
        use_directory_urls=False,
        nav=[name],
        exclude_docs=f"*.py\n*.toml\n/_extension/\n/_figures/\n*.md\n!/{name}",
        validation={
            "omitted_files": "info",
            "absolute_links": "warn",
            "unrecognized_links": "info",
            "anchors": "info",
        },
    )
    config.mdx_configs["docs._extension"] = {"draft": True}
    build(config)
    return target / Path(name).with_suffix(".html")


def shots(page: Path) -> list[Path]:
    """Take pictures of a built page."""
    from playwright.sync_api import sync_playwright

    made = []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path=str(_CHROMIUM) if _CHROMIUM.exists() else None,
            args=ARGUMENTS,
        )
        for label, (scheme, width) in _SHOTS.items():
            tab = browser.new_page(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            tab.goto(page.as_uri())
            tab.wait_for_timeout(300)
            picture = page.parent / f"{label}.png"
            tab.screenshot(path=str(picture), full_page=True)
            made.append(picture)
        browser.close()
    return made


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m docs._extension.preview")
    parser.add_argument("page", type=Path)
    parser.add_argument("--png", action="store_true", help="take pictures as well")
    parser.add_argument("--open", action="store_true", help="open it in a browser")
    asked = parser.parse_args()
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        made = preview(asked.page)
    except (Abort, BookError, StepError) as error:
        print(error, file=sys.stderr)
        return 1
    print(made)
    if asked.png:
        for picture in shots(made):
            print(picture)
    if asked.open:
        webbrowser.open(made.as_uri())
    return 0


if __name__ == "__main__":
    sys.exit(main())
