"""Styles of the three: round or flat at the top; at the waist a point, a dent or a loop."""

from nncore.styles.skeleton import Style, corner, stroke

BOWL = ((44, 50), (57, 70), (46, 93), (22, 100), (0, 89, 5))  # the lower half, from the waist on

STYLES = (
    Style(
        3, "round", "Two bowls that meet in a point.",
        (stroke((4, 14, 5), (20, 1), (42, 4), (50, 22), (40, 39), corner(21, 46, 5, 4), *BOWL),),
    ),
    Style(
        3, "smooth", "Two bowls with hardly a dent between them.",
        (stroke((4, 12, 5), (22, 0), (44, 6), (50, 24), (38, 42), (32, 47, 3), *BOWL),),
    ),
    Style(
        3, "flat top", "A bar, a stroke back to the middle, a bowl: common on signs and in old hands.",
        (
            stroke((2, 3, 5), corner(52, 2), corner(22, 42, 5), (42, 46), (57, 68), (46, 92), (22, 100),
                   (0, 90)),
        ),
    ),
    Style(
        3, "loop", "A loop at the waist, from joined-up writing.",
        (
            stroke((4, 12, 5), (24, 0), (46, 8), (48, 26), (34, 43), (20, 49, 3), (13, 45, 2), (18, 40, 2),
                   (32, 44, 3), (50, 56), (55, 76), (40, 97), (16, 100), (0, 88)),
        ),
    ),
    Style(
        3, "pointed", "Straight strokes with a point at each side.",
        (stroke((4, 10, 5), (28, 0), (46, 12), corner(18, 45, 5), (46, 56), (52, 74), (34, 95), (2, 98, 5)),),
    ),
    Style(
        3, "long tail", "The lower bowl ends in a long tail.",
        (
            stroke((6, 12, 5), (26, 0), (44, 10), (38, 30), corner(20, 40, 4), (44, 45), (58, 66), (44, 92),
                   (16, 100), (-4, 88), (-4, 76, 5)),
        ),
    ),
    Style(
        3, "curls", "Both ends curl inwards.",
        (
            stroke((14, 24, 4), (3, 18), (12, 3), (36, 0), (48, 18), (38, 38), corner(22, 46), (46, 52),
                   (57, 72), (44, 95), (18, 100), (2, 88), (10, 77, 4)),
        ),
    ),
)  # fmt: skip
