"""Keeps the views that show one lab: the page that started Python, and those that joined by
``?session=name``.

An embedding page may show one network in several iframes. They share this lab; each keeps the parameters of
its own address (``?view=pad``). An answer to one view, such as a file, goes to that view alone.
``boot/page/joined-views.js`` finds and joins the views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from web.state.address import check_parts, joined, other_choices, page_parameters, to_query
from web.state.lab_state import LabState

FIRST = 1
"""The number of the view that started Python; those that join have 2, 3, ..."""

_asking: ContextVar[int] = ContextVar("asking", default=FIRST)


@contextmanager
def asked_by(view: int) -> Iterator[None]:
    """Mark this block, and the tasks that start in it, as requested by ``view``."""
    token = _asking.set(view)
    try:
        yield
    finally:
        _asking.reset(token)


def asking() -> int:
    """Return the number of the view that requested the present work."""
    return _asking.get()


class Session:
    """The views of one lab, by number.

    Args:
        post: sends a message to the page, as for ``Lab``; ``view`` in a message addresses one view.
    """

    def __init__(self, state: LabState, post: Callable[..., None]) -> None:
        self._state, self._post = state, post
        self._parameters: dict[int, list[tuple[str, str]]] = {FIRST: []}

    def __len__(self) -> int:
        return len(self._parameters)

    def add(self, view: int, search: str) -> None:
        """Add a view.

        Args:
            search: its address from ``?`` on.
        """
        self._parameters[view] = page_parameters(search)

    def welcome(self, view: int, search: str) -> None:
        """Send the state of the lab to a view that joined, and a problem for each unusable part of its
        address."""
        if view not in self._parameters:
            return  # it has left
        self._post(type="status", value="training" if self._state.running else "ready", view=view)
        faults = check_parts(search)
        if others := other_choices(self._state, search):
            faults.append(
                "This view joined a session that has its network already. These choices of its address are "
                f"not used: {', '.join(others)}."
            )
        for text in faults:
            self._post(type="problem", text=text, view=view)
        self._post(type="choices", query=self.query(view), view=view)

    def leave(self, view: int) -> None:
        """Forget a view that has been closed."""
        self._parameters.pop(view, None)

    def query(self, view: int | None = None) -> str:
        """Return the part of the address after ``?`` that stands for the present choices.

        Args:
            view: whose parameters to add; None for the view that requested the present work.
        """
        return to_query(self._state, self._parameters.get(view or asking(), ()))

    def tell_choices(self, *_: Any) -> None:
        """Post to every view the address that stands for the present choices."""
        for view in self._parameters:
            self._post(type="choices", query=self.query(view), view=view)

    def reload(self) -> None:
        """Reload every view, without choices in its address."""
        for view, parameters in self._parameters.items():
            self._post(type="reload", query=joined(parameters), view=view)
