"""The tabs under the cards: each is a module of this package with a class ``View``, and a line in ``TABS``.

A tab is imported and made when it is opened for the first time, and receives new snapshots only while it is
in front. A tab that stays closed therefore costs no time.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import panel as pn

from web.lab import Lab
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE

TABS = {
    "sweep": "Sweep",
    "runs": "Runs",
    "mistakes": "Mistakes",
    "inside": "Inside",
    "seeing": "Seeing",
    "code": "Code",
    "my_digits": "My digits",
    "styles": "Styles",
}
"""Module -> the title of its tab, from left to right."""

ABOUT = {
    "sweep": "Train a fresh network for every value of one setting.",
    "runs": "All runs with their settings and results, and two of them compared.",
    "mistakes": "Which digits were read as which, and the digits themselves.",
    "inside": "Every neuron's weights as a picture.",
    "seeing": "How your drawing becomes the picture that the network sees.",
    "code": "The source that trains the network, and your run as a program.",
    "my_digits": "The digits that you drew and named.",
    "styles": "Other ways to write digits, and distortions, to mix into the training.",
}
"""Module -> a sentence on its contents."""


class Tab(pn.viewable.Viewer):
    """The common base of all tabs.

    A tab whose contents change while the network learns overrides ``draw``.

    Attributes:
        lab: the lab that the tab shows and steers.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.lab = lab
        lab.state.param.watch(self._on_change, ["snapshot", "tab"])

    @property
    def in_front(self) -> bool:
        """Whether this tab, by the name of its module, is in front."""
        return self.lab.state.tab == type(self).__module__.rpartition(".")[2]

    def _on_change(self, _event: Any) -> None:
        """Draw the snapshot if the tab is in front."""
        if self.in_front:
            self.draw(self.lab.state.snapshot)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``.

        Called when the tab comes to the front, and with every new snapshot while it is there.
        """


class TabsView(pn.viewable.Viewer):
    """All tabs, the first in front."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._made: dict[str, Tab] = {}
        self._rooms = {name: pn.Column(css_classes=[f"tab-{name}"], **WIDE) for name in TABS}
        # Not Panel's `dynamic`: it draws a tab again each time, and keeps its earlier drawing in memory.
        self._tabs = pn.Tabs(
            *((title, self._rooms[name]) for name, title in TABS.items()),
            margin=0,
            sizing_mode="stretch_width",
            css_classes=["lab-tabs"],
            stylesheets=[LOOK, _tips()],
        )
        self._tabs.param.watch(self._bring_to_front, "active")
        self._bring_to_front()

    def open(self, name: str) -> Tab:
        """Bring a tab to the front, as a press on it does.

        Returns:
            the tab, made if this is the first time.

        Raises:
            ValueError: if there is no tab of that name.
        """
        if name not in TABS:
            raise ValueError(f"there is no tab {name!r}; the tabs are {', '.join(TABS)}")
        self._tabs.active = list(TABS).index(name)
        return self._made[name]

    def _bring_to_front(self, _event: Any = None) -> None:
        """Make the active tab if it is new, and name it in ``state.tab``."""
        chosen = list(TABS)[self._tabs.active]
        if chosen not in self._made:
            self._made[chosen] = import_module(f"{__name__}.{chosen}").View(self._lab)
            self._rooms[chosen].append(self._made[chosen])
        self._lab.state.tab = chosen

    def __panel__(self) -> pn.viewable.Viewable:
        return self._tabs


def _tips() -> str:
    """Return the style sheet that gives every tab's title its tip, and leaves the tabs' contents alone."""
    rules = (
        f".bk-tab:nth-child({place}) {{ --tip: {json.dumps(ABOUT[name])} }}"
        for place, name in enumerate(TABS, start=1)
    )
    return "\n".join(rules)
