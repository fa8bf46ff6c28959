"""The lab: the Panel app and what its page needs.

Reading order: ``state`` (the learner's choices), ``snapshot`` (what the views are shown), ``runner`` (the
only one that acts), ``sweeper`` and ``pool`` (several networks at once), ``commands`` (those of
``window.inkling``), ``lab`` (all of these put together), ``views`` and ``components`` (what one sees),
``app`` (the page), ``browser`` (the only module that talks to JavaScript).
"""
