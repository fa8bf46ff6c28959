"""Styles of the five: two strokes with the hat last, as it is taught, or one; cornered, or round as an S."""

from nncore.styles.skeleton import Style, corner, stroke

BELLY = ((26, 37), (48, 46), (55, 68), (44, 92), (20, 100), (0, 90, 5))  # from the neck to the end

STYLES = (
    Style(
        5, "two strokes", "Neck and belly, then the hat.",
        (stroke((9, 4, 3), corner(4, 42, 4), *BELLY), stroke((8, 4, 4), (54, 1, 7, 4))),
    ),
    Style(
        5, "hat apart", "The hat doesn't touch.",
        (stroke((8, 8, 3), corner(4, 44, 4), *BELLY), stroke((17, 0, 5, 6), (60, -5, 7, 5))),
    ),
    Style(
        5, "one stroke", "From the right end of the hat on, without lifting.",
        (stroke((54, 1, 7, 4), corner(9, 3, 4), corner(4, 43, 4), *BELLY),),
    ),
    Style(
        5, "round neck", "The neck bends into the belly without a corner.",
        (
            stroke((54, 2, 6, 4), corner(10, 3, 4), (6, 30), (24, 42), (46, 54), (51, 74), (38, 96),
                   (4, 96, 5)),
        ),
    ),
    Style(
        5, "like an S", "No corner anywhere.",
        (
            stroke((54, 8, 6), (34, 0), (12, 8), (8, 28), (30, 45), (50, 60), (52, 82), (30, 100),
                   (2, 91, 5)),
        ),
    ),
    Style(
        5, "slanting neck", "A neck that leans, a small belly, a long hat.",
        (
            stroke((62, 0, 8, 5), corner(20, 2, 4), corner(8, 50, 4), (30, 46), (46, 62), (40, 88), (20, 99),
                   (0, 94)),
        ),
    ),
    Style(
        5, "curled belly", "The belly curls in at its end.",
        (
            stroke((8, 4, 3), corner(3, 44, 4), (28, 34), (52, 48), (54, 76), (34, 99), (8, 96), (-2, 82),
                   (6, 74, 4)),
            stroke((7, 4, 4), (52, 1, 8, 4)),
        ),
    ),
    Style(
        5, "square", "Straight strokes and corners, as on a display.",
        (
            stroke((50, 2, 5), corner(6, 2), corner(5, 46, 4), corner(48, 46, 5), corner(48, 98, 4),
                   (2, 98, 5)),
        ),
    ),
)  # fmt: skip
