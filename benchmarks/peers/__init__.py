"""The same attention by other projects, one file each, so that each can be absent alone."""
