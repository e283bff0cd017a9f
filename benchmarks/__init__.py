"""Measurements with real work, each with its result checked; one command each."""
