"""Does it work beyond prose?"""

from swa_viz.ui.frame import show

show("beyond")
