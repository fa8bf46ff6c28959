"""Keeps the earlier name of ``nncore.pen.steps`` for programs that import it."""

from nncore.pen.steps import RAW as RAW
from nncore.pen.steps import STEPS as STEPS
from nncore.pen.steps import Stage as Stage
from nncore.pen.steps import stages as stages
