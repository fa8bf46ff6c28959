"""The networks that come with the page: files in ``models/`` beside it, and the cards that say what each is.

They are made by ``python -m nncore ship``. A page without them still works; its pad then reads with whatever
the learner has trained.
"""

from __future__ import annotations

import json
from typing import Any

from nncore.storage import SavedNetwork, StorageError, load
from web.delivery.site_files import Fetch

CARDS = "cards.json"
GATE = "gate"
"""The one that says whether something is a digit at all; the others say which."""


class ShippedModels:
    """The shipped networks of one site: ``cards()`` once, then ``network()`` by name.

    Args:
        fetch: from the site's ``models/`` folder.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def cards(self) -> dict[str, dict[str, Any]]:
        """Name -> what is known about that network. Raises MissingFile, or StorageError if it isn't that."""
        try:
            cards = json.loads(await self._fetch(CARDS))
        except (ValueError, RecursionError) as error:
            raise StorageError(f"{CARDS}: damaged or cut short, not valid JSON") from error
        if not isinstance(cards, dict) or not all(isinstance(card, dict) for card in cards.values()):
            raise StorageError(f"{CARDS}: not a list of cards by name")
        return cards

    async def network(self, card: dict[str, Any]) -> SavedNetwork:
        """The network that a card belongs to. Raises MissingFile or StorageError; both name the file."""
        name = str(card.get("file", ""))
        return load(await self._fetch(name), name)
