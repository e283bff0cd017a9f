"""The views that are drawn in the browser: plain ES modules, and the data that they draw."""
