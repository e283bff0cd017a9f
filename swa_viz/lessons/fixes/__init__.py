"""The lesson `fixes`: its words, its lab, its looks."""
