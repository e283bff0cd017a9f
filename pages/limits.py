"""What is lost?"""

from swa_viz.ui.frame import show

show("limits")
