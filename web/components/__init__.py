"""Components of our own, where Panel has none: each folder holds its Python, its JavaScript and its CSS."""
