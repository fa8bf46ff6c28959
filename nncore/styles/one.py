"""Styles of the one: a bare stem in America, a flag in most of the world, and perhaps a foot.

In Germany the flag is nearly as long as the stem.
"""

from nncore.styles.skeleton import Style, corner, stroke

STYLES = (
    Style(
        1, "stem", "A single stroke down.",
        (stroke((30, 0), (30, 50, 2.5), (30, 100)),),
    ),
    Style(
        1, "flag", "A short stroke up, then the stem.",
        (stroke((14, 20, 6), corner(32, 0), (31, 50, 2), (30, 100)),),
    ),
    Style(
        1, "long flag", "The flag comes from half-way down: taught in much of Europe.",
        (stroke((0, 46, 7, 9), (17, 24, 3), corner(34, 0), (34, 50, 2), (34, 100)),),
    ),
    Style(
        1, "hanging flag", "The flag bends and hangs from the top of the stem.",
        (stroke((4, 24, 6), (16, 15, 3), (28, 6, 3), corner(33, -1, 2), (32, 50, 2), (31, 100)),),
    ),
    Style(
        1, "foot", "A stem on a bar.",
        (stroke((30, 0), (30, 50, 2), (30, 99)), stroke((10, 100, 6, 3), (50, 100, 6, 3))),
    ),
    Style(
        1, "flag and foot", "As it is printed.",
        (
            stroke((12, 20, 7), corner(31, 0), (31, 50, 2), (30, 99)),
            stroke((8, 100, 6, 3), (52, 100, 6, 3)),
        ),
    ),
    Style(
        1, "long flag and foot", "A long flag and a bar: nearly a Z upside down.",
        (
            stroke((2, 38, 7), corner(34, 0), (34, 50, 2), (33, 99)),
            stroke((10, 100, 7, 3), (58, 100, 7, 3)),
        ),
    ),
    Style(
        1, "foot without lifting", "Down, back to the left and to the right, in one go.",
        (
            stroke(
                (14, 18, 6), corner(32, 0), (31, 50, 2), corner(30, 98), corner(10, 98, 6, 3), (54, 99, 6, 4)
            ),
        ),
    ),
    Style(
        1, "curved foot", "The stem runs out to the right, like the letter l.",
        (stroke((28, 0), (27, 50, 2), (28, 84, 2), (35, 97, 3), (46, 95, 6)),),
    ),
    Style(
        1, "bowed", "A stem that bends.",
        (stroke((36, 0, 4), (28, 35, 3), (27, 70, 3), (32, 100, 4)),),
    ),
)  # fmt: skip
