"""The tabs under the cards: each is a module of this package with a class ``View``, and a line in ``TABS``.

A tab is imported and made when it is opened for the first time, and told of new snapshots only while it is
the one in front: what nobody looks at costs nothing.
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
"""Module -> what stands on its tab, from left to right."""

ABOUT = {
    "sweep": "Train a fresh network for every value of one setting.",
    "runs": "All runs with their settings and results, and two of them compared.",
    "mistakes": "Which digits were read as which, and the digits themselves.",
    "inside": "Every neuron's weights as a picture.",
    "seeing": "What becomes of your drawing on its way to the network.",
    "code": "The source that trains the network, and your run as a program.",
    "my_digits": "The digits that you drew and named.",
    "styles": "Ways to write digits, and distortions, to learn from as well.",
}
"""Module -> what it shows, in a sentence."""


class Tab(pn.viewable.Viewer):
    """What is common to all tabs. Attribute: ``lab``.

    A tab that shows what changes while the network learns overrides ``draw``.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.lab = lab
        lab.state.param.watch(self._on_change, ["snapshot", "tab"])

    @property
    def in_front(self) -> bool:
        """Whether the state says that this tab, by the name of its module, is in front."""
        return self.lab.state.tab == type(self).__module__.rpartition(".")[2]

    def _on_change(self, _event: Any) -> None:
        if self.in_front:
            self.draw(self.lab.state.snapshot)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``: called with every new one while the tab is in front, and when it comes there."""


class TabsView(pn.viewable.Viewer):
    """All tabs, the first in front."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._made: dict[str, Tab] = {}
        self._rooms = {name: pn.Column(css_classes=[f"tab-{name}"], **WIDE) for name in TABS}
        # Not Panel's `dynamic`, which makes the page draw a tab anew each time, and keep what it drew before.
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

        Raises:
            ValueError: if there is none of that name.
        """
        if name not in TABS:
            raise ValueError(f"there is no tab {name!r}; the tabs are {', '.join(TABS)}")
        self._tabs.active = list(TABS).index(name)
        return self._made[name]

    def _bring_to_front(self, _event: Any = None) -> None:
        chosen = list(TABS)[self._tabs.active]
        if chosen not in self._made:
            self._made[chosen] = import_module(f"{__name__}.{chosen}").View(self._lab)
            self._rooms[chosen].append(self._made[chosen])
        self._lab.state.tab = chosen

    def __panel__(self) -> pn.viewable.Viewable:
        return self._tabs


def _tips() -> str:
    """The style sheet that explains every tab, and nothing of what the tabs show."""
    rules = (
        f".bk-tab:nth-child({place}) {{ --tip: {json.dumps(ABOUT[name])} }}"
        for place, name in enumerate(TABS, start=1)
    )
    return "\n".join(rules)
