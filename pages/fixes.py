"""What gets it back?"""

from swa_viz.ui.frame import show

show("fixes")
