"""Text that follows the training: as Panel's HTML pane, but cheap to change."""

from __future__ import annotations

import panel as pn
from bokeh.model import Model


class Readout(pn.pane.HTML):
    """HTML that may change many times a second.

    For a new text Panel works out all properties of a pane again, with a model for each of its style sheets,
    and that was most of what a snapshot cost. Here a new text is all that is worked out.
    """

    def _update(self, ref: str, model: Model) -> None:
        model.update(text=self._transform_object(self.object)["object"])
