"""Which tokens attend where, in the visitor's own text?"""

from swa_viz.ui.frame import show

show("attention")
