"""What do real models do?"""

from swa_viz.ui.frame import show

show("models")
