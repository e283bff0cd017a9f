"""The lesson `attention`: its words, its lab and its looks."""
