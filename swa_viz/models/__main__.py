"""Fetch a model from the command line.

python -m swa_viz.models                       which models there are
python -m swa_viz.models fetch smollm2-135m    fetch one
"""

import argparse
import sys

from swa_viz.models.fetching import fetch
from swa_viz.models.table import MODELS, offered_models


def show() -> None:
    """Print every model, and whether it is here."""
    for name, entry in (MODELS | offered_models()).items():
        where = entry.folder if entry.is_here else f"python -m swa_viz.models fetch {name}"
        print(f"{name}: {entry.about}.  Licence: {entry.licence}\n    {where}")


def fetch_and_tell(name: str) -> None:
    """Fetch a model, with a line for each thing that is done."""
    told = None
    for progress in fetch(MODELS[name]):
        if progress.doing != told:
            print(progress.doing, flush=True)
        told = progress.doing


def main() -> int:
    """Show or fetch; 1 for a model that could not be fetched."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command")
    fetching = commands.add_parser("fetch", help="fetch a model")
    can_be_fetched = [name for name, entry in MODELS.items() if entry.download]
    fetching.add_argument("name", choices=can_be_fetched)
    arguments = parser.parse_args()
    if arguments.command is None:
        show()
        return 0
    try:
        fetch_and_tell(arguments.name)
    except (OSError, ValueError) as error:
        print(f"{error}\nThe lab goes on with the models that it has.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
