"""Letters that look like no digit.

O, I, l, S, Z, B, b, q, g and similar letters are left out on purpose: alone on a pad for digits they *are*
digits, and rejecting them would be wrong.
"""

from nncore.styles.hand import Hand
from nncore.styles.skeleton import Stroke, arc, corner, stroke

# Narrower or more slanted, letters become bundles of lines.
LETTER_HAND = Hand(width=(0.75, 1.4), slant=(-0.2, 0.4))
STEM = stroke((4, 0), (4, 50, 2), (4, 100))

LETTERS: dict[str, tuple[Stroke, ...]] = {
    "A": (stroke((0, 100), corner(30, 0), (60, 100)), stroke((12, 64), (50, 64))),
    "E": (stroke((54, 0), corner(4, 0), corner(4, 100), (56, 100)), stroke((4, 48), (44, 48))),
    "F": (stroke((54, 0), corner(4, 0), (4, 100)), stroke((4, 46), (42, 46))),
    "H": (STEM, stroke((56, 0), (56, 100)), stroke((4, 50), (56, 50))),
    "K": (STEM, stroke((54, 0), corner(6, 54, 4), (58, 100))),
    "M": (stroke((0, 100), corner(6, 0), corner(34, 62, 6, 12), corner(62, 0), (68, 100)),),
    "N": (stroke((2, 100), corner(4, 0), corner(54, 100), (56, 0)),),
    "P": (STEM, stroke((4, 2), (38, 0), (56, 24), (40, 50), (4, 52))),
    "R": (STEM, stroke((4, 2), (38, 0), (54, 22), (40, 46), corner(8, 50), (58, 100))),
    "W": (stroke((0, 0), corner(16, 100), corner(34, 34, 5, 12), corner(52, 100), (68, 0)),),
    "X": (stroke((0, 0), (58, 100)), stroke((58, 0), (0, 100))),
    "Ä": (
        stroke((0, 100), corner(30, 16), (60, 100)), stroke((12, 70), (50, 70)),
        stroke((16, 0)), stroke((44, 0)),
    ),
    "a": (
        stroke((48, 28), (26, 16), (4, 36), (6, 72), (26, 84), (46, 62), corner(50, 18), (50, 78), (64, 88)),
    ),
    "e": (stroke((6, 52), (50, 48), (48, 20), (26, 6), (4, 28), (2, 70), (24, 96), (54, 82)),),
    "f": (stroke((52, 8), (38, 0), (26, 12), (24, 60), (22, 100)), stroke((4, 42), (48, 40))),
    "h": (STEM, stroke((5, 66), (18, 48), (38, 46), (48, 62), (48, 100))),
    "k": (STEM, stroke((42, 36), corner(6, 66), (46, 100))),
    "m": (
        stroke((2, 30), (4, 100)),
        stroke((4, 52), (16, 32), (28, 42), corner(30, 98), (32, 52), (46, 32), (58, 44), (60, 98)),
    ),
    "n": (stroke((4, 26), corner(5, 100), (8, 54), (26, 28), (46, 40), (50, 100)),),
    "r": (stroke((8, 20), corner(9, 100), (14, 48), (30, 24), (52, 30)),),
    "t": (stroke((28, 0), (26, 60), (30, 94), (44, 98), (56, 86)), stroke((4, 30), (54, 28))),
    "w": (stroke((0, 20), (10, 92), (28, 92), corner(34, 36), (44, 92), (60, 90), (68, 20)),),
    "x": (stroke((4, 20), (18, 36), (40, 84), (56, 96)), stroke((56, 20), (4, 98))),
    "Ω": (stroke((0, 98), corner(20, 96), *arc(32, 42, 30, 42, 200, 320), corner(46, 96), (64, 98)),),
    "π": (stroke((0, 14), (12, 2), (64, 2)), stroke((18, 4), (8, 98)), stroke((46, 4), (44, 84), (58, 98))),
    "Σ": (stroke((54, 4), corner(4, 2), corner(34, 48), corner(2, 98), (56, 98)),),
    "Ψ": (stroke((2, 6), (8, 48), (32, 60), (54, 46), (60, 4)), stroke((31, 0), (30, 100))),
    "Ж": (stroke((0, 0), (66, 100)), stroke((66, 0), (0, 100)), stroke((33, 0), (33, 100))),
}  # fmt: skip
"""Letter -> skeleton."""
