"""The lesson `home`: its words, its lab and its looks."""
