"""Which tokens attend where, in the visitor's own text?"""

from swa_viz.lessons.attention.lesson import LESSON
from swa_viz.ui.frame import show

show(LESSON)
