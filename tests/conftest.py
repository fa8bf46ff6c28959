"""Set up what all tests share: Hypothesis's settings, the ``site`` marker and NumPy's arithmetic."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from nncore import ops

SITE = Path(__file__).with_name("site")

# Hypothesis tries the same examples on every run, so that a failure can be repeated. An example may take any
# time: on a busy machine a limit would fail although the code is right.
settings.register_profile("inkling", deadline=None, derandomize=True)
settings.load_profile("inkling")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test in ``tests/site`` the marker ``site``; slow tests carry ``slow`` themselves."""
    for item in items:
        if SITE in item.path.parents:
            item.add_marker("site")


@pytest.fixture(autouse=True)
def one_arithmetic() -> Iterator[None]:
    """Begin every test with NumPy's arithmetic, whichever kernel the test before it chose."""
    ops.use("numpy")
    yield
    ops.use("numpy")
