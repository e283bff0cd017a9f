"""`python -m swa_viz.export`: the command line."""

from swa_viz.export.command import main

main()
