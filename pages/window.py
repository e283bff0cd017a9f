"""Which keys does a query read?"""

from swa_viz.ui.frame import show

show("window")
