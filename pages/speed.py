"""Is sliding-window attention really faster?  Its panel is Streamlit's, for nothing moves there."""

from swa_viz.lessons.speed.lesson import LESSON
from swa_viz.ui.frame import page_header, words
from swa_viz.ui.speed_panel import run_if_started, speed_panel

page_header(LESSON)
panel = speed_panel()
words(LESSON)
run_if_started(panel)
