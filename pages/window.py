"""Which keys does a query read?"""

from swa_viz.lessons.window.lesson import LESSON
from swa_viz.ui.frame import show

show(LESSON)
