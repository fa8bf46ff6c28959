"""Fetches the networks that come with the page: files in ``models/`` beside it, and the cards that describe
them.

``python -m nncore ship`` makes them. A page without them still works; the learner's own network then reads
the pad from the start.
"""

from __future__ import annotations

import json
from typing import Any

from nncore.storage import SavedNetwork, StorageError, load
from web.delivery.site_files import Fetch

CARDS = "cards.json"
GATE = "gate"
"""The name of the gate, which tells whether a drawing looks like a digit; the other networks tell which
digit."""


class ShippedModels:
    """The shipped networks of one site: call ``cards()`` once, then ``network()`` for each card.

    Args:
        fetch: reads from the site's ``models/`` folder.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def cards(self) -> dict[str, dict[str, Any]]:
        """Fetch the cards: name of a network -> facts about it.

        Raises:
            MissingFile: if the file can't be fetched.
            StorageError: if it contains no cards.
        """
        try:
            cards = json.loads(await self._fetch(CARDS))
        except (ValueError, RecursionError) as error:
            raise StorageError(f"{CARDS} is damaged or cut short: it is not valid JSON") from error
        if not isinstance(cards, dict) or not all(isinstance(card, dict) for card in cards.values()):
            raise StorageError(f"{CARDS} is not a list of cards by name")
        return cards

    async def network(self, card: dict[str, Any]) -> SavedNetwork:
        """Fetch the network that a card describes.

        Raises:
            MissingFile, StorageError: if it can't be fetched or is no network; both name the file.
        """
        name = str(card.get("file", ""))
        return load(await self._fetch(name), name)
