"""Styles of the two, which differ in the foot: a corner and a bar, a loop, a wave, or no corner at all."""

from nncore.styles.skeleton import Style, corner, stroke

HEAD = ((3, 22, 5), (13, 6), (31, 0), (50, 9), (54, 28))  # up, over the top and down again

STYLES = (
    Style(
        2, "corner", "Down to a corner, then a straight foot.",
        (stroke(*HEAD, (42, 54), (21, 79), corner(0, 99), (30, 99, 3, 2), (60, 98, 6, 4)),),
    ),
    Style(
        2, "loop", "A loop where the foot begins, from joined-up writing.",
        (
            stroke(*HEAD, (42, 56), (22, 82), (7, 96, 3), (-1, 91, 3), (5, 82, 3), (19, 86, 3), (40, 97),
                   (62, 91, 6)),
        ),
    ),
    Style(
        2, "small loop", "Hardly a loop: a thickening at the corner.",
        (
            stroke(*HEAD, (41, 55), (20, 83), (4, 98, 2), (0, 95, 2), (5, 92, 2), (24, 95, 3),
                   (60, 96, 7, 5)),
        ),
    ),
    Style(
        2, "wave", "The foot is a wave: a swan on the water.",
        (stroke(*HEAD, (43, 54), (22, 80), corner(1, 98), (16, 88, 4), (34, 93, 4), (50, 99), (64, 88, 6)),),
    ),
    Style(
        2, "round", "No corner: the stem bends into the foot.",
        (stroke(*HEAD, (42, 52), (20, 74), (6, 92), (14, 99, 3), (36, 98), (60, 96, 6)),),
    ),
    Style(
        2, "angular", "Little more than a Z.",
        (stroke((2, 12, 5), (18, 2), (42, 2), (50, 14), corner(1, 98), (56, 98, 6, 3)),),
    ),
    Style(
        2, "curl", "The head begins with a curl.",
        (
            stroke((17, 30, 4), (6, 26), (6, 10), (28, 0), (50, 9), (54, 28), (42, 54), (20, 80),
                   corner(0, 99), (58, 98, 7, 4)),
        ),
    ),
    Style(
        2, "bare", "A straight neck and a short foot.",
        (stroke((6, 16, 5), (26, 0), (46, 8), (46, 30), (26, 66), corner(2, 99), (42, 99, 8, 4)),),
    ),
)  # fmt: skip
