"""Reads the weights of networks that other programs trained, and writes networks for these programs.

``layers`` finds the order and the orientation of bare arrays. ``assembling`` makes a network of them, and
raises a question for a setting that the file does not say. The other modules know one format each.
"""
