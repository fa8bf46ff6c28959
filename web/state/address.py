"""Converts choices to the address of the page and back.

    ?v=1&preset=rashid&layers=784-100-10&learning_rate=0.3

A link holds the choices that differ from its preset, each under its usual name. It is read in the same order:
first the preset, then the others. An illegal value, as from a link that was edited by hand, is reported and
left out; the rest is used. The table of choices says which choices a link carries and how each is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from nncore.presets import PRESETS
from web.state.choice import IllegalValue
from web.state.choices import Choices
from web.state.choices_table import CHOICES, SHORTHANDS
from web.state.dataset_options import DatasetOption
from web.state.lab_state import LabState

VERSION = 1
CARRIED = tuple(row.name for row in CHOICES.values() if row.in_address)

# Parameters that are no choices: the page's own, which are kept, and those that other sites add to links,
# which are dropped silently.
OF_THE_PAGE = ("kernel", "workers", "start", "hide", "view", "size", "session")
TRACKING = ("utm_", "fbclid", "gclid")

PARTS = ("header", "network", "train", "pad", "imagine", "tabs", "footer")  # values of ?hide=
VIEWS = ("pad", "train", "imagine")  # values of ?view=
SIZES = ("normal", "large")  # values of ?size=
SESSION = re.compile(r"[A-Za-z0-9_-]{1,40}")  # a name in ?session= (boot/page/joined-views.js reads it)


def to_query(state: LabState, others: Iterable[tuple[str, str]] = ()) -> str:
    """Return the part of the address after ``?``: empty for the choices of the plain page.

    Args:
        others: parameters of the page's own that stay in the address, as ``page_parameters`` returns them.
    """
    usual = _usual(state.preset) | {"preset": CHOICES["preset"].default}
    chosen = in_a_link(state.choices(), state.offers)
    differing = [
        (name, row.kind.write(chosen[name]))
        for name, row in CHOICES.items()
        if row.in_address and chosen[name] != usual[name]
    ]
    return joined(([("v", str(VERSION))] if differing else []) + differing + list(others))


def joined(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names and values as the part of an address after ``?``."""
    return "&".join(f"{quote(name)}={quote(value, safe=',-.')}" for name, value in pairs)


def in_a_link(choices: Mapping[str, Any], offers: Mapping[str, DatasetOption]) -> dict[str, Any]:
    """Return ``choices`` as a link carries them.

    Missing choices are taken from the preset. A learner's own digits are replaced by the preset's, because a
    link can't contain them.
    """
    usual = _usual(choices.get("preset", ""))
    chosen = {**usual, **choices}
    offer = offers.get(chosen.get("dataset", ""))
    if usual and not (offer and offer.shared):
        chosen |= {"dataset": usual["dataset"], "layers": (usual["layers"][0], *chosen["layers"][1:])}
    return chosen


def _usual(preset: str) -> dict[str, Any]:
    """Return the choices of a preset on an otherwise plain page; empty if there is no such preset."""
    if preset not in PRESETS:
        return {}
    return dict(Choices.usual(preset).values)


def carried(state: LabState, query: str) -> frozenset[str]:
    """Return the names of the choices that a query states with a legal value."""
    return frozenset(_read(state, query)[0])


def page_parameters(query: str) -> list[tuple[str, str]]:
    """Return the parameters of a query that belong to the page itself, such as the kernel, as (name,
    value)."""
    return [(name, value) for name, value in _pairs(query) if name in OF_THE_PAGE]


def take_query(state: LabState, query: str) -> list[str]:
    """Set the choices in a query.

    Args:
        query: the part of an address after ``?``.

    Returns:
        A sentence for every parameter that is unusable. The others are in force.
    """
    wanted, faults = _read(state, query)
    try:
        state.choose(**wanted)
        return faults
    except ValueError:
        pass
    # Together they are illegal: set them one by one, again and again as long as another one becomes legal.
    reasons: dict[str, str] = {}
    while wanted:
        left = dict(wanted)
        for name in [name for name in (*CHOICES, *SHORTHANDS) if name in left]:
            try:
                state.choose(**{name: left[name]})
                del wanted[name]
            except ValueError as error:
                reasons[name] = _told(name, _written(name, left[name]), error)
        if wanted == left:
            break
    return faults + [reasons[name] for name in wanted]


def check_parts(query: str) -> list[str]:
    """Return a sentence for every illegal value of ``?hide=``, ``?view=``, ``?size=`` and ``?session=``.

    The page itself applies the legal ones, before anything is painted.
    """
    faults = []
    for name, value in page_parameters(query):
        legal = {"hide": PARTS, "view": VIEWS, "size": SIZES}.get(name, ())
        for part in value.split(",") if legal else ():
            if part not in legal:
                faults.append(_told(name, part, ValueError(f"it can be {', '.join(legal)}")))
        if name == "session" and not SESSION.fullmatch(value):
            legal_name = ValueError("a name has 1 to 40 of the characters a-z, A-Z, 0-9, - and _")
            faults.append(_told(name, value, legal_name))
    return faults


def other_choices(state: LabState, query: str) -> list[str]:
    """Return the names of the choices in a query whose values differ from those in ``state``."""
    wanted, _ = _read(state, query)
    present = state.choices()
    return [name for name, value in wanted.items() if name in present and value != present[name]]


def _read(state: LabState, query: str) -> tuple[dict[str, Any], list[str]]:
    """Return the choices in a query as values, and a sentence for each unusable parameter."""
    wanted: dict[str, Any] = {}
    faults = []
    for name, text in _pairs(query):
        if name in OF_THE_PAGE or name.startswith(TRACKING):
            continue
        if name == "v":
            if text != str(VERSION):
                faults.append(
                    f"The link has the version {text[:20]!r}, which this Inkling doesn't know; "
                    "it uses the choices that it knows."
                )
        elif name in SHORTHANDS:
            wanted[name] = text
        elif name not in CARRIED:
            faults.append(f"?{name[:40]} in the address is no choice; the choices are {', '.join(CARRIED)}.")
        else:
            try:
                wanted[name] = state.chosen.check(name, CHOICES[name].kind.read(text))
            except ValueError as error:
                faults.append(_told(name, text, error))
    return wanted, faults


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return the names and values in a query; for a name that is given twice, the last value."""
    return list(dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True)).items())


def _told(name: str, text: str, error: ValueError) -> str:
    """Return the sentence that reports an unusable parameter."""
    words = f"it {error.reason}" if isinstance(error, IllegalValue) else str(error)
    return f"?{name}={text[:60]} in the address is left out: {words.removesuffix('.')}."


def _written(name: str, value: Any) -> str:
    """Return the value of a choice or a shorthand as text in an address."""
    return CHOICES[name].kind.write(value) if name in CHOICES else str(value)
