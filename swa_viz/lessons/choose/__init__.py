"""The lesson `choose`: its words, its lab and its looks."""
