"""Prepares the memory image when the site is built; boot/image/ restores it in the page."""
