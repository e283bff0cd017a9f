"""The lesson `models`: its words, its lab and its looks."""
