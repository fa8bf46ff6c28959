"""The networks that come with the page, so that its pad reads well before any training.

``recipes`` has the settings of each, ``cards`` the facts about it. ``python -m nncore ship`` makes them.
"""

from nncore.shipped.cards import finish
from nncore.shipped.recipes import RECIPES, Recipe

__all__ = ["RECIPES", "Recipe", "finish"]
