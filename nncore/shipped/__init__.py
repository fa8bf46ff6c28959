"""The networks that come with the page, so that its pad reads well before anyone has trained: how each is
made (``recipes``), and what is known about it (``cards``). ``python -m nncore ship`` makes them."""

from nncore.shipped.cards import finish
from nncore.shipped.recipes import RECIPES, Recipe

__all__ = ["RECIPES", "Recipe", "finish"]
