"""The build: from pinned inputs to ``dist/``, a folder that any static host serves as it is.

In reading order: ``pins.toml`` and ``pins`` (what comes from outside), ``fetch`` and ``sources`` (how it
comes), ``wheels``, ``exclusions`` and ``kernels`` (what the page's Python gets), ``packing`` with
``pack.mjs`` and ``pack_inside`` (byte code and the lock, made by the page's own Python),
``start`` with ``parts``, ``start.mjs``, ``loader_patch`` and ``loader_seam.js`` (what Python starts from: all
packages in one file, and a memory image), ``render`` and
``page`` (index.html and the JavaScript it loads), ``data`` (MNIST in shards), ``licences``, ``check`` (what
must be true of the result), ``output`` (the finished site), ``stages`` (all of this in order), ``serve`` and
``command`` (the options of ``python build.py``). ``archives``, ``cache``, ``node``, ``progress`` and
``errors`` help with it.
"""
