"""The lesson `speed`: its words, its lab and its looks."""
