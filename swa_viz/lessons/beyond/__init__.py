"""The lesson `beyond`: its words, its lab, its looks, and two files for each kind."""
