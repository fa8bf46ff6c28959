"""Holds the lab: the Panel app, and all that its page needs in Python.

Each folder has one job, named in its ``__init__.py``. Reading order: ``state`` (the learner's choices, and
the snapshot that the views draw), ``runs`` (a run, its past and the log of all runs), ``runner`` (trains and
measures the present network), ``sweeps`` (trains several networks at once), ``pad`` and ``teaching``
(drawings), ``keeping`` (work kept across visits), ``delivery`` (files that are fetched or opened),
``program`` (a run as a script), ``commands`` (those of ``window.inkling``), ``lab`` (all of these put
together), ``views`` and ``components`` (the parts of the page), ``app`` (the page), ``browser`` (the only
module that calls JavaScript), ``image`` and ``build`` (used only when the site is built).
"""
