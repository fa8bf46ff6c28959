"""Styles of the nine: a loop, and a tail that is straight, leans or curls to the left."""

from nncore.styles.skeleton import Style, corner, stroke

LOOP = ((50, 14, 4), (28, 0), (6, 10), (2, 32), (16, 47), (36, 43), (50, 22))  # from the right, to the left

STYLES = (
    Style(
        9, "straight", "A loop, and a stem straight down.",
        (stroke(*LOOP, corner(52, 5, 3, 4), (51, 50, 2), (49, 100, 4)),),
    ),
    Style(
        9, "bent", "The stem bends a little on its way down.",
        (stroke(*LOOP, (53, 12, 3), (52, 46), (44, 76), (32, 100, 6, 4)),),
    ),
    Style(
        9, "leaning", "A loop on a leaning straight stroke.",
        (stroke(*LOOP, corner(54, 8, 3), (38, 56, 4), (20, 100, 6, 4)),),
    ),
    Style(
        9, "curling tail", "The tail curls to the left, as in print and in most of the world's schools.",
        (stroke(*LOOP, (53, 12, 3), (53, 50), (48, 82), (28, 100), (4, 92, 6)),),
    ),
    Style(
        9, "long curl", "The tail comes round and up again, like that of a g.",
        (stroke(*LOOP, (52, 14, 3), (52, 56), (46, 88), (24, 100), (2, 90), (0, 78, 5)),),
    ),
    Style(
        9, "hook", "A straight stem that ends in a hook to the left.",
        (stroke(*LOOP, corner(52, 6, 3), (51, 50, 2), (50, 84, 3), (40, 98), (22, 96, 6)),),
    ),
    Style(
        9, "small loop, long curl", "A small loop high up, and a wide tail.",
        (
            stroke((46, 10, 4), (30, 0), (13, 10), (13, 27), (28, 36), (44, 24), (50, 6, 3), (54, 50),
                   (46, 86), (24, 100), (0, 90, 6)),
        ),
    ),
    Style(
        9, "open", "The bowl is not closed: it ends before the pen turns down.",
        (
            stroke((44, 6, 5), (24, 0), (5, 14), (8, 36), (26, 42), (44, 34), (52, 24, 3), (53, 56), (45, 86),
                   (24, 100), (4, 93, 7), late=0.05),
        ),
    ),
    Style(
        9, "begun inside", "Begun within, over the top and down in one turn; the bowl may stay open.",
        (
            stroke((34, 40, 6), (20, 46), (5, 36), (6, 12), (28, 0), (49, 12), (53, 42), (46, 80), (24, 99),
                   (2, 94, 7), late=0.05),
        ),
    ),
    Style(
        9, "two strokes", "A bowl that is closed by the stem.",
        (
            stroke((48, 8, 5), (26, 0), (4, 14), (6, 38), (26, 46), (48, 36, 5)),
            stroke((51, 0, 3, 5), (51, 50, 2), (48, 100, 5, 4)),
        ),
    ),
    Style(
        9, "two strokes with a curl", "A bowl, and a stem that curls to the left.",
        (
            stroke((48, 8, 5), (26, 0), (4, 14), (6, 38), (26, 47), (48, 38, 5)),
            stroke((51, 0, 3, 5), (52, 50, 3), (46, 88), (26, 100), (4, 94, 6)),
        ),
    ),
    Style(
        9, "six upside down", "One round sweep, without a corner.",
        (
            stroke((46, 30, 4), (32, 44), (12, 42), (2, 24), (12, 3), (34, 0), (51, 18), (52, 50), (38, 82),
                   (10, 100, 6, 4)),
        ),
    ),
)  # fmt: skip
