"""Extracts the zstd decoder that the page starts with from npm's ``zstddec``, which carries it as text.

The page decompresses with it as bytes arrive (``boot/worker/zstd.mjs``). The rest of the package is not used:
its own JavaScript starts the WebAssembly from an address that contains the bytes, which the page's policy
forbids.
"""

from __future__ import annotations

import base64
import re

from web.build.errors import BuildError

CARRIER = "zstddec-stream.mjs"
CARRIER_LICENCE = "zstddec-LICENSE"
DECODER = "zstd.wasm"


def decoder_in(carrier: str) -> bytes:
    """Return the WebAssembly in the text of the module ``carrier``.

    Raises:
        BuildError: if there is not exactly one.
    """
    found = re.findall(r'"(AGFzb[A-Za-z0-9+/=]+)"', carrier)  # how "\0asm" begins in base64
    if len(found) != 1:
        raise BuildError(f"{CARRIER} contains {len(found)} WebAssembly modules, not 1")
    return base64.b64decode(found[0])
