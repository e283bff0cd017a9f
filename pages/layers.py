"""How far does information travel through a stack of windows?"""

from swa_viz.ui.frame import show

show("layers")
