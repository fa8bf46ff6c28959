"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from nncore import ops

SITE = Path(__file__).with_name("site")

# The same examples on every run (a failure seen once is seen again), and no limit on a single example's time:
# on a busy machine that would fail for no fault of the code.
settings.register_profile("inkling", deadline=None, derandomize=True)
settings.load_profile("inkling")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the built site by their folder; ``slow`` stands on the tests that are."""
    for item in items:
        if SITE in item.path.parents:
            item.add_marker("site")


@pytest.fixture(autouse=True)
def one_arithmetic() -> Iterator[None]:
    """Every test begins with NumPy's arithmetic, whatever kernel the one before it chose."""
    ops.use("numpy")
    yield
    ops.use("numpy")
