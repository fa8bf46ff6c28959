"""The activations of every neuron."""

from web.components.activations.activations import Activations

__all__ = ["Activations"]
