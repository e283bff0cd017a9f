"""`python -m swa_viz.export`: the command line, where the packages that it needs are installed."""

import sys
from importlib import import_module
from importlib.util import find_spec

# What turns Markdown, formulas and code into markup: extra packages, which only this needs.
NEEDED = {"markdown_it": "markdown-it-py", "latex2mathml": "latex2mathml", "pygments": "Pygments"}


def main() -> None:
    """Do what the command line says, or say which packages are missing."""
    missing = [package for module, package in NEEDED.items() if find_spec(module) is None]
    if missing:
        sys.exit(
            f"To write pages, swa_viz needs {', '.join(missing)} as well: "
            "pip install 'swa-viz[static]', or -r requirements-static.txt in a checkout."
        )
    import_module("swa_viz.export.command").main()


if __name__ == "__main__":
    main()
