"""Choices <-> the address of the page: what a link carries, and what is made of one that was edited by hand.

    ?v=1&preset=rashid&layers=784-100-10&learning_rate=0.3

A link holds what differs from its preset, each choice under the name that it has everywhere. It is read in
the same way: the preset first, then the others; a value that isn't legal is told and left out, and the rest
is taken. How a choice is written follows from its parameter in ``LabState``, so a new choice needs nothing
here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

import param

from nncore.presets import PRESETS
from web.offers import Offer
from web.state import CHOICES, SHORTHANDS, LabState, preset_choices

VERSION = 1

# Others' parameters: the page's own, kept as they are, and what sites add to links, dropped without a word.
OF_THE_PAGE = ("kernel", "workers", "start", "hide", "view", "size", "session")
TRACKING = ("utm_", "fbclid", "gclid")

PARTS = ("header", "network", "train", "pad", "imagine", "tabs", "footer")  # what ?hide= can hide
VIEWS = ("pad", "train", "imagine")  # what ?view= can show alone
SIZES = ("normal", "large")  # what ?size= can be
SESSION = re.compile(r"[A-Za-z0-9_-]{1,40}")  # a name in ?session= (boot/session.js reads it)


def to_query(state: LabState, others: Iterable[tuple[str, str]] = ()) -> str:
    """The part of the address after ``?``: empty for what everybody sees who opens the plain page.

    Args:
        others: parameters of the page's own that stay in the address, as ``page_parameters`` gives them.
    """
    usual = _usual(state.preset) | {"preset": state.param.preset.default}
    chosen = in_a_link(state.choices(), state.offers)
    differing = [(name, _written(chosen[name])) for name in CHOICES if chosen[name] != usual[name]]
    pairs = ([("v", str(VERSION))] if differing else []) + differing + list(others)
    return "&".join(f"{quote(name)}={quote(value, safe=',-.')}" for name, value in pairs)


def in_a_link(choices: Mapping[str, Any], offers: Mapping[str, Offer]) -> dict[str, Any]:
    """Return ``choices`` as a link carries them: those that are missing as the preset has them, and the
    preset's digits in place of a learner's own, which a link can't bring along."""
    usual = _usual(choices.get("preset", ""))
    chosen = {**usual, **choices}
    offer = offers.get(chosen.get("dataset", ""))
    if usual and not (offer and offer.shared):
        chosen |= {"dataset": usual["dataset"], "layers": (usual["layers"][0], *chosen["layers"][1:])}
    return chosen


def _usual(preset: str) -> dict[str, Any]:
    """Every choice as the preset of this name and the plain page have it; empty without such a preset."""
    if preset not in PRESETS:
        return {}
    return {name: LabState.param[name].default for name in CHOICES} | preset_choices(PRESETS[preset])


def carried(state: LabState, query: str) -> frozenset[str]:
    """Return the names of the choices that a query says outright and that can be read."""
    return frozenset(_read(state, query)[0])


def page_parameters(query: str) -> list[tuple[str, str]]:
    """The parameters of a query that are the page's own: which kernel, which part of the page, ..."""
    return [(name, value) for name, value in _pairs(query) if name in OF_THE_PAGE]


def take_query(state: LabState, query: str) -> list[str]:
    """Set the choices that a query holds.

    Args:
        query: the part of an address after ``?``.

    Returns:
        A sentence for every parameter that could not be used. The others are in force.
    """
    wanted, faults = _read(state, query)
    try:
        state.choose(**wanted)
        return faults
    except ValueError:
        pass
    # Not all of them go: one by one then, and again as long as one is found that goes with those before it.
    reasons: dict[str, str] = {}
    while wanted:
        left = dict(wanted)
        for name in [name for name in (*CHOICES, *SHORTHANDS) if name in left]:
            try:
                state.choose(**{name: left[name]})
                del wanted[name]
            except ValueError as error:
                reasons[name] = _told(name, _written(left[name]), str(error))
        if wanted == left:
            break
    return faults + [reasons[name] for name in wanted]


def check_parts(query: str) -> list[str]:
    """Return a sentence for every part in ``?hide=`` and ``?view=``, and every ``?size=``, that doesn't
    exist, and for a name in ``?session=`` that can't be used. (The page itself follows the others, before
    anything is painted.)"""
    faults = []
    for name, value in page_parameters(query):
        legal = {"hide": PARTS, "view": VIEWS, "size": SIZES}.get(name, ())
        for part in value.split(",") if legal else ():
            if part not in legal:
                faults.append(_told(name, part, f"it can be {', '.join(legal)}"))
        if name == "session" and not SESSION.fullmatch(value):
            faults.append(_told(name, value, "a name has 1 to 40 of the characters a-z, A-Z, 0-9, - and _"))
    return faults


def other_choices(state: LabState, query: str) -> list[str]:
    """Return the names of the choices that a query holds and that are otherwise in ``state``."""
    wanted, _ = _read(state, query)
    present = state.choices()
    return [name for name, value in wanted.items() if name in present and value != present[name]]


def _read(state: LabState, query: str) -> tuple[dict[str, Any], list[str]]:
    """The choices in a query, as values, and what is wrong with the others."""
    wanted: dict[str, Any] = {}
    faults = []
    for name, text in _pairs(query):
        if name in OF_THE_PAGE or name.startswith(TRACKING):
            continue
        if name == "v":
            if text != str(VERSION):
                faults.append(
                    f"The link is of version {text[:20]!r}, which this Inkling doesn't know; "
                    "what it knows of it is used."
                )
        elif name in SHORTHANDS:
            wanted[name] = text
        elif name not in CHOICES:
            faults.append(f"?{name[:40]} in the address is no choice; the choices are {', '.join(CHOICES)}.")
        else:
            try:
                wanted[name] = _value(state.param[name], text)
            except ValueError as error:
                faults.append(_told(name, text, str(error)))
    return wanted, faults


def _pairs(query: str) -> list[tuple[str, str]]:
    """Names and values; of a name given twice, the last."""
    return list(dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True)).items())


def _told(name: str, text: str, reason: str) -> str:
    # Param says first which parameter of which class it is, which nobody asked.
    words = re.sub(r"^\w+ parameter '[\w.]+' ", "it ", reason).removesuffix(".")
    return f"?{name}={text[:60]} in the address is left out: {words}."


def _written(value: Any) -> str:
    """A value as it stands in an address: numbers as short as they can be, lists joined by hyphens."""
    if isinstance(value, tuple | list):
        return "-".join(map(_written, value))
    return repr(value).removesuffix(".0").lower() if isinstance(value, float | bool) else str(value)


def _value(parameter: param.Parameter, text: str) -> Any:
    """The value that a text stands for, by the kind of its parameter.

    Raises:
        ValueError: if it stands for none; the message says what would.
    """
    if isinstance(parameter, param.Selector):
        legal = {str(value): value for value in parameter.get_range().values()}
        if text not in legal:
            raise ValueError(f"it can be {', '.join(legal)}")
        return legal[text]
    if isinstance(parameter, param.Boolean):
        if text not in ("true", "false"):
            raise ValueError("it can be true or false")
        return text == "true"
    if isinstance(parameter, param.Number):
        return _number(text, whole=isinstance(parameter, param.Integer))
    if isinstance(parameter.default, tuple | list):
        words = text.split("-") if text else []
        return tuple(int(word) if word.isascii() and word.isdecimal() else word for word in words)
    return text


def _number(text: str, whole: bool) -> float:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        raise ValueError(f"it takes a {'whole ' if whole else ''}number") from None
    if not math.isfinite(number):
        raise ValueError("it takes a finite number")
    return number
