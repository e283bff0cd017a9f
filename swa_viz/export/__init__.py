"""The lessons as plain files that need no server: a whole site, or one page in one file.

The labs, the words and the sources are the same as on the server; only the frame is written here.
"""
