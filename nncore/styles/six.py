"""Styles of the six: a bent or a straight stroke into a loop, which may be large or small, closed or not."""

from nncore.styles.skeleton import Style, arc, stroke

STYLES = (
    Style(
        6, "curved", "A wide curve into a loop.",
        (
            stroke((50, 3, 6), (26, 14), (6, 44), (2, 72), (16, 97), (38, 97), (51, 80), (44, 61), (26, 55),
                   (8, 66), early=0.06),
        ),
    ),
    Style(
        6, "straight", "A straight stroke into a loop.",
        (
            stroke((42, 0, 7), (20, 32), (3, 68), (10, 94), (30, 100), (48, 86), (44, 64), (24, 58), (6, 74),
                   early=0.06),
        ),
    ),
    Style(
        6, "large loop", "The loop is most of it.",
        (stroke((36, 0, 7), (14, 26), (1, 60), (10, 92), (32, 100), (54, 82), (52, 52), (32, 38), (8, 52),
                early=0.08),),
    ),
    Style(
        6, "small loop", "A long neck and a small loop.",
        (
            stroke((34, 0, 7), (12, 40), (2, 76), (8, 96, 2), (24, 100, 2), (37, 89), (32, 74), (18, 71),
                   (4, 82), early=0.06),
        ),
    ),
    Style(
        6, "open", "The loop does not come back to the stroke.",
        (
            stroke((42, 0, 7), (14, 28), (1, 66), (14, 97), (36, 98), (50, 80), (44, 62), (32, 58),
                   (24, 62, 4), early=0.08),
        ),
    ),
    Style(
        6, "hooked", "The top hooks over to the right.",
        (
            stroke((56, 15, 5), (46, 2), (28, 4), (8, 34), (1, 66), (14, 97), (38, 97), (52, 79), (42, 60),
                   (22, 58), (6, 72), early=0.05),
        ),
    ),
    Style(
        6, "curled in", "The loop winds on inside itself.",
        (stroke((44, 0, 7), (16, 26), *arc(27, 72, 26, 28, -80, -370), (14, 84, 4)),),
    ),
    Style(
        6, "upright", "A nearly upright stem with the loop at its right.",
        (
            stroke((14, 0, 6), (6, 36), (3, 74), (14, 98), (36, 97), (47, 80), (38, 63), (20, 62), (5, 74),
                   early=0.06),
        ),
    ),
)  # fmt: skip
