"""Ask a `config.json` for its values, whatever they are, and keep what was asked.

A file from the wild may say anything under any key.  So each value is checked where it is read,
and what cannot be used is named in one sentence, which `config_values.js` says in the same words.
"""

from collections.abc import Mapping
from typing import NamedTuple

from swa_viz.patterns.pattern import LARGEST

MOST_SHOWN = 40  # characters of a text, in a sentence
LARGEST_SHOWN = 10**15
MOST_LAYERS = 1000

Config = Mapping[str, object]


class Decided(NamedTuple):
    """A key that decided something, the value it has, in words, and what that means."""

    key: str
    value: str
    means: str


def spoken(value: object) -> str:
    """A value of a file as words in a sentence: short, harmless, and the same in both languages.

    >>> spoken(None), spoken(True), spoken(4096), spoken(0.5), spoken("ab"), spoken([1, 2])
    ('null', 'true', '4096', 'a number with a fraction', '"ab"', 'a list of 2 entries')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return spoken_number(value)
    if isinstance(value, str):
        kept = "".join(c if " " <= c <= "~" and c not in '"\\' else "?" for c in value[:MOST_SHOWN])
        return f'"{kept}…"' if len(value) > MOST_SHOWN else f'"{kept}"'
    if isinstance(value, list | tuple):
        return f"a list of {len(value)} {'entry' if len(value) == 1 else 'entries'}"
    return "an object" if isinstance(value, Mapping) else "something else"


def spoken_number(value: float | int) -> str:
    """A number as words; one that is too long to be read is not spelt out."""
    if value != value:
        return "no number"
    if not -LARGEST_SHOWN < value < LARGEST_SHOWN:
        return "a number that is too large"
    return str(int(value)) if value == int(value) else "a number with a fraction"


def whole(value: object, name: str, at_least: int = 1, at_most: int = LARGEST) -> int:
    """A whole number of the file, between two bounds.  Raises ValueError for anything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and at_least <= value <= at_most and value == int(value):
        return int(value)
    raise ValueError(
        f"{name} must be a whole number from {at_least:,} to {at_most:,}, but it is {spoken(value)}"
    )


class Asked:
    """A model's config, what its family takes where it is silent, and what has been decided by it.

    `names` are the family's own words for common keys, {theirs: ours}.
    """

    def __init__(self, config: Config, defaults: Config, names: Mapping[str, str]):
        self.config = config
        self.defaults = defaults
        self.theirs = {
            ours: theirs for theirs, ours in names.items() if theirs in config or ours not in config
        }
        self.decided: list[Decided] = []
        self.warnings: list[str] = []

    def name(self, key: str) -> str:
        """What the file calls a key."""
        return self.theirs.get(key, key)

    def says(self, key: str) -> bool:
        """Does the file hold the key, even if it is null?"""
        return self.name(key) in self.config

    def has(self, key: str) -> bool:
        """Does the file hold the key, with a value that is not null?"""
        return self.config.get(self.name(key)) is not None

    def get(self, key: str) -> object:
        """The value of a key: the file's, else its family's, else None."""
        return self.config[self.name(key)] if self.says(key) else self.defaults.get(key)

    def needed(self, key: str) -> object:
        """The same, of a key that must have a value.  Raises ValueError if it has none."""
        value = self.get(key)
        if value is None:
            raise ValueError(f"the file does not say {self.name(key)}")
        return value

    def whole(self, key: str, at_least: int = 1, at_most: int = LARGEST) -> int:
        """A whole number that must be there.  Raises ValueError for anything else."""
        return whole(self.needed(key), self.name(key), at_least, at_most)

    def optional(self, key: str, at_least: int = 1, at_most: int = LARGEST) -> int | None:
        """A whole number, or None where it is null or missing.  Raises ValueError for others."""
        value = self.get(key)
        return None if value is None else whole(value, self.name(key), at_least, at_most)

    def is_on(self, key: str) -> bool | None:
        """A switch, or None where it is null or missing.  Raises ValueError for anything else."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return value
        raise ValueError(f"{self.name(key)} must be true or false, but it is {spoken(value)}")

    def entries(self, key: str, n_layers: int) -> list:
        """A list with one entry for each layer; of a longer one, its beginning.

        Raises ValueError for what is no list, and for one that is too short.
        """
        name, value = self.name(key), self.get(key)
        if not isinstance(value, list | tuple):
            raise ValueError(f"{name} must be a list, but it is {spoken(value)}")
        if len(value) < n_layers:
            raise ValueError(f"{name} is {spoken(value)}, but there are {n_layers} layers")
        if len(value) > n_layers:
            self.warn(
                f"{name} is {spoken(value)}, but there are {n_layers} layers: the first {n_layers} "
                "are read, and the others are often those of a second head that predicts ahead."
            )
        return list(value[:n_layers])

    def decide(self, key: str, means: str) -> None:
        """Keep that a key decided something."""
        value = spoken(self.get(key))
        if not self.says(key):
            taken = "" if self.get(key) is None else f", taken as {value}"
            value = f"not in the file{taken}"
        decided = Decided(self.name(key), value, means)
        if decided not in self.decided:
            self.decided.append(decided)

    def warn(self, sentence: str) -> None:
        """Keep a warning, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
