"""Test the compiled matrix product with shapes of up to 300 in each dimension.

The bound on its rounding errors is derived in ``test_kernels``.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.kernels.library import open_library
from tests.nncore.kernel_libraries import LIBRARIES
from tests.nncore.test_kernels import FACTORS, LAYOUTS, check_product

SIZES = st.integers(0, 300)
CASES = st.tuples(
    SIZES,
    SIZES,
    SIZES,
    st.sampled_from(LAYOUTS),
    st.sampled_from(LAYOUTS),
    st.sampled_from(FACTORS),
    st.integers(0, 2**32),
)


@pytest.mark.slow
@pytest.mark.parametrize("library", LIBRARIES)
def test_any_product_is_right_to_rounding(library):
    opened = open_library(LIBRARIES[library]())

    @given(CASES)
    def check(case):
        check_product(opened, *case)

    check()
