"""A small library for multilayer perceptrons: NumPy only, no page, no screen, no global state.

In reading order: ``activations``, ``losses``, ``initialisers``, ``optimisers``, ``schedules`` (one registry
each); ``parameters`` and ``network`` (forward and backward); ``preprocessing`` and ``sampling``; ``batches``
(the innermost loop) and ``training``; ``metrics``, ``backquery``, ``surgery``; ``presets``. ``ops`` is where
faster arithmetic plugs in, and ``kernels`` is that arithmetic.
"""

from nncore import kernels as kernels  # so that ops knows them by name; nothing is compiled or loaded yet
