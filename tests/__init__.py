"""The tests: one law per file.  `python -m tests` runs all of them as `make test` does."""
