"""Styles of the four: open or closed at the top, in two strokes or without lifting the pen."""

from nncore.styles.skeleton import Style, corner, stroke

STYLES = (
    Style(
        4, "open", "A corner, then a stem through the bar.",
        (
            stroke((14, 2, 6, 5), (8, 30), corner(0, 60, 4, 6), (64, 58, 6, 5)),
            stroke((44, 18, 6, 16), (41, 100)),
        ),
    ),
    Style(
        4, "open upright", "The left arm stands upright, so that the top is a wide U.",
        (
            stroke((4, 0, 4, 6), (3, 28), corner(3, 52, 4, 6), (58, 50, 6, 4)),
            stroke((46, 0, 5, 7), (45, 100)),
        ),
    ),
    Style(
        4, "cup", "A round cup instead of the corner, then the stem.",
        (stroke((6, 0, 5), (3, 28), (14, 47), (34, 46), (48, 36)), stroke((52, 0, 4, 6), (48, 100))),
    ),
    Style(
        4, "closed", "A triangle on a stem, as it is printed.",
        (stroke((42, 0), (21, 34, 3), corner(0, 66, 4, 6), (64, 66, 6, 4)), stroke((42, 2, 3, 7), (42, 100))),
    ),
    Style(
        4, "closed without lifting", "Up the stem, down to the left, across.",
        (stroke((44, 100), (43, 50, 2), corner(42, 0), corner(0, 66, 4, 6), (64, 65, 6, 4)),),
    ),
    Style(
        4, "open without lifting", "Down, across, back up, and down the stem: the pen stays on the paper.",
        (
            stroke((16, 0, 6), (8, 30), corner(0, 58, 4, 6), (40, 55), corner(50, 52, 5),
                   corner(47, 22, 4, 10), (44, 60, 3), (42, 100, 4, 9)),
        ),
    ),
    Style(
        4, "looped", "One stroke with a loop on its way up to the stem; with a short stem it is nearly a 6.",
        (
            stroke((24, 0, 6), (8, 36), (0, 64, 3), (12, 69, 3), (38, 58), (54, 42), (52, 30, 3), (45, 36, 3),
                   (41, 62), (40, 97, 4, 11)),
        ),
    ),
    Style(
        4, "lightning", "One stroke like a flash: down, across and down, the stem without a head.",
        (
            stroke((22, 0, 7), (10, 28), corner(0, 54, 4, 6), (30, 50), corner(46, 44, 5, 6), (42, 70, 3),
                   (38, 100, 5)),
        ),
    ),
    Style(
        4, "bent", "The corner rounded, the stem starting on the bar or a little above it.",
        (
            stroke((26, 0, 6), (12, 26), (1, 54), (8, 65, 3), (30, 64), (60, 60, 6)),
            stroke((42, 40, 5, 9), (39, 100, 4)),
        ),
    ),
    Style(
        4, "long bar", "A low bar far beyond the stem.",
        (stroke((32, 0, 5), (16, 40, 3), corner(-2, 76), (70, 72, 7, 4)), stroke((42, 34, 5, 14), (40, 100))),
    ),
)  # fmt: skip
