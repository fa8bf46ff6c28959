"""Names the tabs whose contents are computed only while they are in front: values of ``LabState.tab``.

Each is the name of its module in ``web.views.tabs``, where all tabs are listed.
"""

INSIDE, MISTAKES, MY_DIGITS, SEEING, STYLES = "inside", "mistakes", "my_digits", "seeing", "styles"
