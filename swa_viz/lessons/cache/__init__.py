"""The lesson `cache`: its words, its lab and its looks."""
