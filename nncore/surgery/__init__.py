"""Changes a network's shape during training and keeps what it has learned.

``operations`` has the single operations, ``reshape`` finds the operations between two architectures, and
``transplant`` records where each weight of the new network comes from.
"""

from nncore.surgery.operations import (
    add_neurons,
    change_activation,
    insert_layer,
    remove_layer,
    remove_neurons,
)
from nncore.surgery.transplant import Surgery

__all__ = [
    "Surgery",
    "add_neurons",
    "change_activation",
    "insert_layer",
    "remove_layer",
    "remove_neurons",
]
