"""A pane for text that follows the training: Panel's HTML pane, but cheap to change."""

from __future__ import annotations

import panel as pn
from bokeh.model import Model


class Readout(pn.pane.HTML):
    """A pane whose HTML may change many times a second.

    For a new text Panel computes all properties of a pane again, with a model for each of its style sheets;
    that was most of the cost of a snapshot. Here only the new text is computed.
    """

    def _update(self, ref: str, model: Model) -> None:
        """Send the new text, and nothing else, to the page. Overrides a private method of Panel."""
        model.update(text=self._transform_object(self.object)["object"])
