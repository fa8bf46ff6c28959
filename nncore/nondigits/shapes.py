"""Shapes and signs that people doodle, without circles and upright lines, which are digits on a pad."""

from nncore.styles.skeleton import Stroke, arc, corner, stroke

SHAPES: dict[str, tuple[Stroke, ...]] = {
    "triangle": (stroke((4, 92, 8), corner(48, 4, 12, 8), corner(96, 90, 8), (5, 93, 5), early=0.04),),
    "square": (stroke((4, 6, 6), corner(4, 92, 6), corner(90, 94, 6), corner(92, 4, 6), (5, 5), early=0.04),),
    "flat rectangle": (
        stroke((0, 28, 5), corner(0, 72, 5), corner(110, 74, 6), corner(110, 26, 6), (1, 28), early=0.04),
    ),
    "diamond": (stroke((44, 0, 6), corner(0, 50, 6), corner(46, 100, 6), corner(90, 50, 6), (45, 1)),),
    "star": (
        stroke((8, 100, 6), corner(44, 0, 6), corner(76, 98, 6), corner(-6, 38, 6), corner(92, 36, 6),
               (9, 98)),
    ),
    "heart": (
        stroke((44, 26), (28, 2), (2, 16), (8, 54), corner(46, 98, 5), (86, 52), (90, 14), (62, 2), (45, 28)),
    ),
    "house": (
        stroke((2, 40), corner(2, 98), corner(80, 98), corner(80, 40), corner(40, 2), corner(2, 40),
               (80, 41)),
    ),
    "arrow": (stroke((0, 50, 6, 14), (96, 50, 5)), stroke((66, 18, 8), corner(97, 50, 4), (66, 84, 8))),
    "arrow up": (stroke((40, 100, 12, 5), (40, 2)), stroke((8, 36, 8), corner(40, 0, 4), (74, 36, 8))),
    "plus": (stroke((46, 2, 5), (46, 96, 5)), stroke((0, 48, 5), (92, 48, 5))),
    "equals": (stroke((0, 34, 6), (84, 34, 6)), stroke((0, 66, 6), (84, 66, 6))),
    "dash": (stroke((0, 50, 5, 14), (90, 50, 5, 14)),),
    "dot": (stroke((30, 50)),),
    "two lines": (stroke((6, 0, 6), (4, 100, 6)), stroke((52, 0, 14, 6), (50, 100, 14, 6))),
    "three lines": (
        stroke((2, 0, 5), (0, 100, 5)), stroke((36, 0, 5), (34, 100, 5)), stroke((72, 0, 5), (70, 100, 5)),
    ),
    "grid": (
        stroke((28, 0), (24, 100)), stroke((64, 0), (62, 100)),
        stroke((0, 34), (92, 32)), stroke((0, 68), (90, 66)),
    ),
    "asterisk": (
        stroke((44, 0), (44, 92)), stroke((6, 22), (84, 72)), stroke((84, 20), (6, 74)),
    ),
    "percent": (
        stroke((80, 2), (8, 98)),
        stroke(*arc(16, 20, 16, 17, 0, -370)), stroke(*arc(74, 78, 16, 17, 0, -370)),
    ),
    "wave": (stroke((0, 56, 6), (16, 30, 6), (34, 60, 6), (54, 34, 6), (74, 62, 6), (96, 36, 6)),),
    "zigzag": (
        stroke((0, 80, 6), corner(18, 24, 8), corner(36, 78, 8), corner(54, 24, 8), corner(72, 78, 8),
               (92, 22, 8)),
    ),
    "stairs": (
        stroke((0, 98), corner(2, 66), corner(34, 66), corner(34, 34), corner(68, 34), corner(68, 2),
               (98, 2)),
    ),
    "spiral": (
        stroke(*arc(48, 50, 8, 8, 0, 330), *arc(48, 50, 24, 24, 10, 340), *arc(48, 50, 44, 44, 10, 300)),
    ),
    "lying eight": (
        stroke((50, 50), (76, 22), (100, 48), (78, 76), (50, 50), (24, 24), (0, 50), (24, 76), (51, 49)),
    ),
    "smiley": (
        stroke(*arc(50, 50, 50, 50, 0, -370)), stroke((32, 34), (31, 44)), stroke((68, 34), (68, 44)),
        stroke((26, 64), (40, 78), (62, 78), (76, 62)),
    ),
    "cloud": (
        stroke((16, 70), (0, 56), (12, 40), corner(24, 42), (34, 20), (58, 22), corner(66, 38), (88, 38),
               (98, 58), (84, 72), (17, 70)),
    ),
    "flower": (
        stroke((46, 46), (36, 14), (56, 14), corner(48, 46), (84, 34), (84, 56), corner(48, 47), (62, 82),
               (40, 84), corner(46, 47), (10, 62), (8, 38), (46, 46)),
    ),
    "brace": (stroke((46, 0), (30, 10), (28, 36), corner(8, 50), (28, 64), (30, 90), (48, 100)),),
    "root": (stroke((0, 56), corner(12, 48), corner(26, 98), corner(44, 4), (110, 4)),),
    "tick": (stroke((0, 52, 8), corner(28, 96, 6), (96, 0, 10)),),
    "fish": (stroke((96, 22), (40, 74), (12, 72), (0, 50), (14, 28), (42, 28), (96, 80)),),
}  # fmt: skip
"""Name -> skeleton, on a sheet of 100 x 100."""
