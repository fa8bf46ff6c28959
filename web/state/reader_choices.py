"""Lists the values of the choice ``reader``, which network reads the pad."""

from __future__ import annotations

SHIPPED = ("best", "small")
"""The readers that come with the page, the better one first."""
YOURS, AUTO = "yours", "auto"
READERS = {
    AUTO: "Yours, once it is trained",
    "small": "Small, shipped",
    "best": "Best, shipped",
    YOURS: "Your own network",
}
"""Values of the choice ``reader`` -> text on the page."""
