"""The ways in which a model lies in a folder: one loader for each."""
