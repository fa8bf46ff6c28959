"""Shows the page: one ``Viewer`` a file.

A view draws what it finds in ``LabState`` and in its snapshots. It is made with the ``Lab``, because its
buttons call the lab's runner, staging and sweeper.
"""
