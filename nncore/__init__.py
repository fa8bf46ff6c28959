"""A small library for multilayer perceptrons: NumPy only, no page, no screen, no global state.

In reading order: ``activations``, ``losses``, ``initialisers``, ``optimisers``, ``schedules`` and
``sampling`` (one registry each); ``parameters``, ``network_spec`` and ``network`` (forward and backward);
``preprocessing``; ``batches`` (the innermost loop), ``training_spec``, ``epoch`` and ``training``; then what
is done with networks: ``metrics``, ``backquery``, ``surgery``, ``storage``; ``presets``; and ``jobs`` and
``processes``, for many networks at once. ``ops`` is where faster arithmetic plugs in, and ``kernels`` is that
arithmetic.
"""

from nncore import kernels as kernels  # so that ops knows them by name; nothing is compiled or loaded yet
