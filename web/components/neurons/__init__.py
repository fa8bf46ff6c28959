"""Neurons as pictures of their weights."""

from web.components.neurons.neurons import NeuronPictures

__all__ = ["NeuronPictures"]
