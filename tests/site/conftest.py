"""One browser for all pages: Playwright bears only one of itself in a process."""

import shutil

import pytest

from docs._extension.preview import ARGUMENTS


@pytest.fixture(scope="session")
def chromium():
    """Start a headless Chromium."""
    # Only the tests of pages need it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()
