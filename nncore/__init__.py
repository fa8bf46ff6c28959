"""A small library for multilayer perceptrons, written with NumPy alone.

The names below are enough for most programs; all others are imported from their own modules. In reading
order: ``activations``, ``losses``, ``initialisers``, ``optimisers``, ``schedules`` and ``sampling`` (one
registry each); ``parameters``, ``network_spec`` and ``network`` (forward and backward); ``preprocessing``;
``batches`` (the innermost loop), ``training_spec``, ``epoch`` and ``training``; then the uses of a network:
``metrics``, ``backquery``, ``surgery``, ``storage``; ``presets``; and ``jobs`` and ``processes``, which train
many networks at once. ``ops`` is the place where faster arithmetic is plugged in, and ``kernels`` is that
arithmetic.

The library knows no page and no screen, prints nothing (the command line in ``cli`` does) and draws random
numbers only from the seeds and generators that it is given. It has one global setting: the arithmetic in use,
which ``ops`` holds and ``ops.use`` changes for the whole process, all threads included. (Compiled kernels
also keep working memory from call to call; no result depends on it.)
"""

from nncore import kernels as kernels  # so that ops knows them by name; nothing is compiled or loaded yet
from nncore.activations import ACTIVATIONS

# The function replaces the package of the same name as ``nncore.backquery``, whichever of the two a program
# imports first. Other names are imported from the package: ``from nncore.backquery import gradient_steps``.
from nncore.backquery import BACKQUERIES, BackQuery, backquery, backquery_digits
from nncore.datasets import DataError, Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.mnist import load_mnist
from nncore.datasets.splits import split
from nncore.events import DivergenceEvent, EpochEvent, StepEvent
from nncore.initialisers import INITIALISERS
from nncore.losses import LOSSES
from nncore.metrics import Evaluation, evaluate
from nncore.network import Network, NetworkSpec
from nncore.optimisers import OPTIMISERS
from nncore.preprocessing import INPUTS, TARGETS, Preprocessing
from nncore.presets import PRESETS, VARIANTS, Preset, find_preset
from nncore.schedules import SCHEDULES
from nncore.storage import SavedNetwork, StorageError, load, save
from nncore.training import Trainer
from nncore.training_spec import TrainingSpec

__all__ = [
    "ACTIVATIONS",
    "BACKQUERIES",
    "INITIALISERS",
    "INPUTS",
    "LOSSES",
    "OPTIMISERS",
    "PRESETS",
    "SCHEDULES",
    "TARGETS",
    "VARIANTS",
    "BackQuery",
    "DataError",
    "Dataset",
    "DivergenceEvent",
    "EpochEvent",
    "Evaluation",
    "Network",
    "NetworkSpec",
    "Preprocessing",
    "Preset",
    "SavedNetwork",
    "StepEvent",
    "StorageError",
    "Trainer",
    "TrainingSpec",
    "backquery",
    "backquery_digits",
    "evaluate",
    "find_preset",
    "load",
    "load_digits8x8",
    "load_mnist",
    "save",
    "split",
]
