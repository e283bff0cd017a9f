"""Plotly figures: arrays and labels in, a new Figure out.  No model, no user interface."""
