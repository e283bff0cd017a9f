"""The same model for the visitor's browser: its graphs and its files."""
