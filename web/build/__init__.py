"""Builds the site: from pinned inputs to ``dist/``, a folder that any static host serves as it is.

In reading order:

- ``pins.toml`` and ``pins``: the list of inputs; ``fetch`` and ``sources``: how they are downloaded;
- ``wheels``, ``exclusions`` and ``kernels``: the packages of the page's Python;
- ``packing`` with ``pack.mjs`` and ``pack_inside``: byte code and the lock, made by the page's own Python;
- ``start`` with ``parts``, ``zstd``, ``make_start.mjs`` and ``web/image``: all packages in one file, the
  drawn page, and the memory image;
- ``render``, ``drawn``, ``page``, ``policy`` and ``bundle``: index.html and the JavaScript that it loads;
- ``data``: MNIST in shards; ``licences``: the page of licences;
- ``check``: the rules that the result must keep; ``output``: the finished site;
- ``stages``: all of this in order; ``serve`` and ``command``: the options of ``python build.py``.

``archives``, ``cache``, ``node``, ``progress`` and ``errors`` are helpers.
"""
