"""The held-out excerpt that comes with the lab: what its measurements can be repeated on.

    python -m training.excerpt --texts build/texts

Of each text in the public domain it takes passages at equal distances from the pieces that no model
was trained on.
"""

import argparse
import json
import re
from pathlib import Path

from swa_viz.experiments.held_out import FOLDER, HELD_OUT

TEXT_CHARS = 50_000
PASSAGE = re.compile(r".{,6000}.*?(?:[.!?] |\n|$)", re.DOTALL)


def passages(piece: str) -> list[str]:
    """A piece in passages of about 6,000 characters, each to the end of a sentence or a line.

    >>> [len(passage) for passage in passages("So it is. " * 1000)]
    [6009, 3989]
    """
    return [passage.strip() for passage in PASSAGE.findall(piece) if passage.strip()]


def excerpt(pieces: list[str]) -> str:
    """Passages from all over the pieces, a blank line between them."""
    found = [passage for piece in pieces for passage in passages(piece)]
    n_chosen = min(len(found), TEXT_CHARS * len(found) // sum(map(len, found)))
    chosen = [found[len(found) * i // n_chosen] for i in range(n_chosen)]
    return "\n\n".join(chosen) + "\n"


def main() -> None:
    """Write one file per text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True)
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for name in HELD_OUT:
        pieces = json.loads((arguments.texts / f"{name}.json").read_text())["held_out"]
        (FOLDER / f"{name}.txt").write_text(excerpt(pieces), encoding="utf-8")


if __name__ == "__main__":
    main()
