"""Styles of the zero: ovals that close or nearly do, and the slashed zero of programmers.

Radio operators write the slash too.
"""

from nncore.styles.skeleton import Style, arc, stroke

STYLES = (
    Style(
        0, "oval", "Round the oval once, from the top and to the left; it may not quite close, or overlap.",
        (stroke(*arc(30, 50, 30, 50, 15, -390), late=0.06, early=0.1),),
    ),
    Style(
        0, "clockwise", "The other way round, from the bottom or the left, as many left-handers write it.",
        (stroke(*arc(30, 50, 29, 50, 200, 395), late=0.06, early=0.1),),
    ),
    Style(
        0, "curl", "The end runs into the oval at its top, as in joined-up writing.",
        (stroke(*arc(30, 50, 29, 50, 35, -380), (36, 10, 4), (44, 14, 6), early=0.03),),
    ),
    Style(
        0, "open", "Left open at the top, with ends that pass each other.",
        (stroke((40, 10, 5), (30, 2), *arc(30, 50, 28, 50, -30, -300), (46, 4, 5), (36, -4, 6)),),
    ),
    Style(
        0, "slashed", "With a slash, so that nobody takes it for the letter O.",
        (stroke(*arc(30, 50, 30, 50, 10, -380), early=0.05), stroke((54, 10, 7), (6, 90, 7))),
    ),
    Style(
        0, "slashed within", "With a short slash that stays inside.",
        (stroke(*arc(30, 50, 30, 50, 10, -380), early=0.05), stroke((42, 28, 5), (18, 72, 5))),
    ),
)  # fmt: skip
