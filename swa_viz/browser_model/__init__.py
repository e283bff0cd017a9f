"""The same model for the visitor's browser: its graphs, its files, and the worker that runs it."""
