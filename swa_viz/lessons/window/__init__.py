"""The lesson `window`: its words, its lab and its looks."""
