"""Shows the choice of a data set in the page's header, and how many of its digits have arrived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import panel as pn

from web.lab import Lab
from web.state.dataset_options import DatasetOption
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE
from web.views.network import StagedSelect
from web.views.readout import Readout


def by_label(offers: Mapping[str, DatasetOption]) -> dict[str, str]:
    """Return the names of the data sets by their labels, in the form that a selector takes."""
    return {offer.label: name for name, offer in offers.items()}


class DatasetChoice(pn.viewable.Viewer):
    """The choice of a data set, and a line with the numbers of training and test digits."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab, state = lab, lab.state
        options = by_label(state.offers)
        self._chosen = StagedSelect(lab, "dataset", options=options, css_classes=["lab-dataset"]).widget
        self._counts = Readout(self._line(state.snapshot), margin=0, stylesheets=[LOOK])
        state.param.watch(self._show, "snapshot")
        state.param.watch(self._offer, "offers")

    def _line(self, snapshot: Snapshot) -> str:
        """Return the numbers of training and test digits as HTML."""
        manifest = self._lab.manifest
        if not snapshot.train_size:
            return '<p class="counts">loading …</p>'
        here = f"<b>{snapshot.train_size:,}</b>"
        few = ""
        if self._lab.state.dataset == "mnist" and manifest and snapshot.train_size < manifest.train_count:
            here += f" of {manifest.train_count:,}"
            few = ", for want of memory" if self._lab.state.few_digits else ""
        small = " (the small set)" if manifest and manifest.small else ""
        return f'<p class="counts">{here} here{small}{few} · test <b>{snapshot.test_size:,}</b></p>'

    def _show(self, _event: Any) -> None:
        self._counts.object = self._line(self._lab.state.snapshot)

    def _offer(self, _event: Any) -> None:
        self._chosen.options = by_label(self._lab.state.offers)

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Row(self._chosen, self._counts, css_classes=["digits"], **WIDE)
