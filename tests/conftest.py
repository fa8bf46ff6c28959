"""What all tests share."""

from hypothesis import settings

# The same examples on every run (a failure seen once is seen again), and no limit on a single example's time:
# on a busy machine that would fail for no fault of the code.
settings.register_profile("inkling", deadline=None, derandomize=True)
settings.load_profile("inkling")
