"""Changes a network's shape while it is in training, keeping what it learned.

``operations`` has the single operations, ``reshape`` finds those that lead from one architecture to another,
and ``transplant`` says where each weight of the new network comes from in the old one.
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
