"""What must a model remember while it writes?"""

from swa_viz.ui.frame import show

show("cache")
