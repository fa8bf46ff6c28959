"""What every neuron gives."""

from web.components.activations.activations import Activations

__all__ = ["Activations"]
