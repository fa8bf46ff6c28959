"""What all tests share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from nncore import ops

# The same examples on every run (a failure seen once is seen again), and no limit on a single example's time:
# on a busy machine that would fail for no fault of the code.
settings.register_profile("inkling", deadline=None, derandomize=True)
settings.load_profile("inkling")


@pytest.fixture(autouse=True)
def one_arithmetic() -> Iterator[None]:
    """Every test begins with NumPy's arithmetic, whatever kernel the one before it chose."""
    ops.use("numpy")
    yield
    ops.use("numpy")
