"""Styles of the seven: crossed in Europe and Latin America, with a hook at the left in East Asia."""

from nncore.styles.skeleton import Style, corner, stroke

BAR = stroke((12, 53, 7, 6), (52, 48, 8, 6))

STYLES = (
    Style(
        7, "plain", "Across and down.",
        (stroke((0, 4, 5), corner(54, 2), (36, 50, 4), (20, 100, 7, 4)),),
    ),
    Style(
        7, "curved", "The stem bends.",
        (stroke((0, 4, 5), corner(54, 2), (36, 34), (26, 66), (24, 100, 6, 4)),),
    ),
    Style(
        7, "rounded", "No corner at the top.",
        (stroke((0, 6, 5), (22, 2), (44, 2), (52, 12), (36, 48), (20, 100, 6, 4)),),
    ),
    Style(
        7, "upright", "A stem straight down, as of a 1.",
        (stroke((2, 6, 6), corner(48, 2), (46, 50, 3), (43, 100, 5, 4)),),
    ),
    Style(
        7, "crossed", "A bar through the stem keeps it apart from a 1 with a flag.",
        (stroke((0, 4, 5), corner(54, 2), (37, 50, 4), (22, 100, 7, 4)), BAR),
    ),
    Style(
        7, "crossed and curved", "A bent stem with a bar.",
        (stroke((0, 6, 5), (30, 4, 3), corner(55, 0), (36, 36), (27, 66), (22, 100, 6, 4)), BAR),
    ),
    Style(
        7, "bar without lifting", "From the foot straight up to the bar: the pen stays on the paper.",
        (
            stroke((0, 4, 5), corner(54, 2), (37, 50, 4), corner(20, 100, 7, 4), corner(6, 60, 7, 7),
                   (50, 48, 7)),
        ),
    ),
    Style(
        7, "low bar", "A slanting bar low on the stem.",
        (
            stroke((0, 4, 5), corner(54, 2), (37, 50, 4), (22, 100, 7, 4)),
            stroke((4, 68, 6, 7), (46, 60, 8)),
        ),
    ),
    Style(
        7, "hook", "Begins with a short stroke down: common in East Asia.",
        (stroke((2, 24, 4, 7), corner(3, 4, 4), corner(54, 2), (36, 42), (26, 100, 7, 4)),),
    ),
    Style(
        7, "hook and bar", "Both the hook and the bar.",
        (stroke((1, 20, 4, 6), corner(3, 4, 4), corner(56, 2), (38, 48, 4), (22, 100, 7, 4)), BAR),
    ),
    Style(
        7, "wave", "A waving bar at the top, as in joined-up writing.",
        (stroke((0, 16, 5), (9, 3), (30, 8), corner(56, 0), (34, 46), (20, 100, 7, 4)),),
    ),
    Style(
        7, "wave and bar", "A waving top and a bar through the stem.",
        (stroke((0, 16, 5), (9, 3), (30, 8), corner(56, 0), (36, 46), (22, 100, 7, 4)), BAR),
    ),
)  # fmt: skip
