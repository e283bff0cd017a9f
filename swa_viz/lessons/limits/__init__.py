"""The lesson `layers`: its words, its lab and its looks."""
