"""Styles of the eight: one stroke that crosses itself, closed or open at the top, or two circles."""

from nncore.styles.skeleton import Style, arc, corner, stroke

STYLES = (
    Style(
        8, "crossing", "An S and back up again.",
        (
            stroke((48, 12, 4), (28, 0), (8, 12), (12, 32), (32, 48), (52, 68), (48, 92), (26, 100), (4, 88),
                   (8, 66), (28, 48), (46, 30), (49, 12, 4), early=0.04),
        ),
    ),
    Style(
        8, "open", "The ends pass each other at the top right.",
        (
            stroke((50, 16, 5), (30, 1), (8, 12), (14, 34), (34, 50), (50, 70), (42, 95), (18, 98), (4, 80),
                   (16, 58), (40, 34), (60, 4, 6), early=0.08),
        ),
    ),
    Style(
        8, "gap", "A gap at the top right: the ends don't meet.",
        (
            stroke((44, 4, 5), (24, 0), (6, 14), (14, 35), (36, 50), (52, 70), (44, 95), (20, 99), (3, 84),
                   (12, 60), (36, 44), (50, 28, 5), early=0.06),
        ),
    ),
    Style(
        8, "two circles", "One circle on another.",
        (
            stroke(*arc(30, 23, 21, 23, 10, -385), early=0.06),
            stroke(*arc(30, 73, 27, 27, 5, -385), early=0.06),
        ),
    ),
    Style(
        8, "narrow", "Straight strokes that cross, round only at the ends.",
        (
            stroke((46, 6), (26, 0), (8, 10), (20, 36), (38, 66), (44, 90), (24, 100), (4, 90), (14, 64),
                   (36, 34), (48, 12), early=0.04),
        ),
    ),
    Style(
        8, "small head", "A small circle on a large one.",
        (
            stroke((42, 10, 3), (28, 0, 3), (14, 11), (18, 26), (34, 36), (56, 62), (50, 91), (26, 100),
                   (2, 86), (6, 60), (26, 38), (42, 24), (43, 9), early=0.04),
        ),
    ),
    Style(
        8, "cornered", "Begins and ends in a point at the top.",
        (
            stroke(corner(52, 4, 5), (24, 2), (8, 16), (28, 46), (50, 72), (40, 97), (14, 97), (4, 76),
                   (30, 44), corner(54, 3, 5)),
        ),
    ),
)  # fmt: skip
