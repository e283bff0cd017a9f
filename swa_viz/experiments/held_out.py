"""Held-out text: passages that none of our models was trained on, to measure them with.

All are in the public domain and come with the lab, so that every number of it can be measured
again.  `training/excerpt.py` says how they were chosen.
"""

from pathlib import Path

FOLDER = Path(__file__).with_name("held_out_texts")

HELD_OUT: dict[str, str] = {
    "speeches": "State of the Union addresses",
    "moby_dick": "Moby Dick",
    "bible": "The Bible, King James Version",
    "jargon": "The Jargon File",
}


def held_out_text(name: str) -> str:
    """One of the texts of `HELD_OUT`.

    >>> held_out_text("bible").split(chr(10))[0]
    'Genesis 11'

    Raises ValueError for any other name.
    """
    if name not in HELD_OUT:
        raise ValueError(f"unknown text {name!r}; known are {', '.join(HELD_OUT)}")
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
