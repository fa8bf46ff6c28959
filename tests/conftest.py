"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from nncore import ops

SITE = Path(__file__).with_name("site")

# The same examples on every run (a failure seen once is seen again), and no limit on a single example's time:
# on a busy machine that would fail for no fault of the code.
settings.register_profile("inkling", deadline=None, derandomize=True)
settings.load_profile("inkling")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of the built site by their folder; ``slow`` stands on the tests that are.

    Processes that share the tests (``pytest -n 2``) begin with the site's, which take longest.
    """
    for item in items:
        if SITE in item.path.parents:
            item.add_marker("site")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: SITE not in item.path.parents)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a process whole files, in their order: the tests of a file share an opened page."""
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


@pytest.fixture(autouse=True)
def one_arithmetic() -> Iterator[None]:
    """Every test begins with NumPy's arithmetic, whatever kernel the one before it chose."""
    ops.use("numpy")
    yield
    ops.use("numpy")
