"""The zstd decoder that the page starts with: WebAssembly that npm's ``zstddec`` carries as text in its
module.

The page decompresses with it as bytes arrive (``boot/worker/zstd.mjs``). Of the package only this is taken:
its own JavaScript starts it from an address with the bytes inside, which the page's policy forbids.
"""

from __future__ import annotations

import base64
import re

from web.build.errors import BuildError

CARRIER = "zstddec-stream.mjs"
CARRIER_LICENCE = "zstddec-LICENSE"
DECODER = "zstd.wasm"


def decoder_in(carrier: str) -> bytes:
    """The WebAssembly that the text of the module ``carrier`` has.

    Raises:
        BuildError: if there isn't exactly one.
    """
    found = re.findall(r'"(AGFzb[A-Za-z0-9+/=]+)"', carrier)  # how "\0asm" begins in base64
    if len(found) != 1:
        raise BuildError(f"{CARRIER} carries {len(found)} WebAssembly modules, not 1")
    return base64.b64decode(found[0])
