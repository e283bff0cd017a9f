"""What is sliding-window attention, in one minute?"""

import streamlit as st

from swa_viz.lessons.home.lesson import LESSON
from swa_viz.ui.frame import show

show(LESSON, embedded=st.context.is_embedded)
