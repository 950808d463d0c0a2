"""The book's tests; those that need a browser run only when asked for by their mark."""


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: needs Chromium and a built site")


def pytest_collection_modifyitems(config, items):
    if "browser" in (config.option.markexpr or ""):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
