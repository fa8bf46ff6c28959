"""Holds the lab: the Panel app, and all that its page needs in Python.

Each folder has one job, and its ``__init__.py`` says which. Reading order: ``state`` (the learner's choices,
and the snapshot that the views draw), ``runs`` (a run, its past and the log of all runs), ``runner`` (trains
and measures the present network), ``sweeps`` (trains several networks at once), ``pad`` and ``teaching``
(drawings), ``keeping`` (work kept across visits), ``delivery`` (files that are fetched or opened),
``program`` (a run as a script), ``commands`` (those of ``window.inkling``), ``lab`` (all of these put
together), ``views`` and ``components`` (what is drawn), ``app`` (the page), ``browser`` (the only module that
talks to JavaScript), ``image`` and ``build`` (what happens when the site is built).
"""
