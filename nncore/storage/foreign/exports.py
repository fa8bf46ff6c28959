"""Lists the formats of other programs in which a network can be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nncore.storage.foreign.book import to_book
from nncore.storage.foreign.nielsen import to_nielsen
from nncore.storage.foreign.safetensors import to_safetensors
from nncore.storage.saved import SavedNetwork


@dataclass(frozen=True)
class Export:
    """A format: its description, the ending of its files, and the function that makes their bytes."""

    label: str
    ending: str
    write: Callable[[SavedNetwork], bytes]


EXPORTS = {
    "book": Export("wih and who of Make Your Own Neural Network", ".npz", to_book),
    "nielsen": Export("the JSON of Nielsen's program", ".json", to_nielsen),
    "safetensors": Export("an nn.Sequential of PyTorch", ".safetensors", to_safetensors),
}
"""Name -> format. ONNX is not among them: its library is larger than all of this one."""
