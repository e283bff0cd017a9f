"""Which window should I take?"""

from swa_viz.ui.frame import show

show("choose")
