"""What is sliding-window attention, in one minute?"""

from swa_viz.ui.frame import show

show("home")
