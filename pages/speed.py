"""Is sliding-window attention really faster?"""

from swa_viz.ui.frame import show

show("speed")
