"""The kinds of control that a lesson may have, as data: one knob = one widget = one URL parameter.

A lesson lists its own knobs by name; the name is the URL parameter.  `read` turns whatever stands
in a URL, or was sent by a browser, into a value that the page can use: nonsense becomes the
default, and a number out of range moves to the nearest limit.  A page without a server reads its
URL by the same rules, `knobs.js`; tests hold the two equal.

A limit may name a fact of the model instead of a number ("n_layers").  `bounded` puts the model's
number there, so no knob is built for one model.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from swa_viz.patterns.schedule_text import Typed, layers_in, read_typed

# What counts as a whole number: both languages' own readers accept more, and not the same.
WHOLE_NUMBER = re.compile(r"[ \t]*[+-]?[0-9]+[ \t]*")
Limit = int | str


def number(limit: Limit, facts: Mapping[str, object]) -> int:
    """The number that a limit stands for.

    >>> number(4, {}), number("n_layers", {"n_layers": 6})
    (4, 6)

    Raises ValueError for a fact that the model does not tell.
    """
    if not isinstance(limit, str):
        return limit
    if limit not in facts:
        raise ValueError(f"no fact of the model is called {limit!r}; known are {', '.join(facts)}")
    return int(facts[limit])


@dataclass(frozen=True)
class NumberKnob:
    """A whole number on a slider.  `unit` follows the number on screen."""

    label: str
    default: Limit
    at_least: int
    at_most: Limit
    unit: str = ""

    def bounded(self, facts: Mapping[str, object]) -> "NumberKnob":
        """The same knob with this model's limits; the default moves into them.

        >>> NumberKnob("Layer", 3, 1, "n_layers").bounded({"n_layers": 2})
        NumberKnob(label='Layer', default=2, at_least=1, at_most=2, unit='')
        """
        at_most = number(self.at_most, facts)
        default = min(max(number(self.default, facts), self.at_least), at_most)
        return replace(self, default=default, at_most=at_most)

    def read(self, raw: object) -> int:
        """The number that `raw` names, moved into the limits; the default for nonsense.

        >>> knob = NumberKnob("Window W", default=6, at_least=1, at_most=64)
        >>> knob.read("9"), knob.read("9999"), knob.read("-1"), knob.read("<b>"), knob.read(None)
        (9, 64, 1, 6, 6)
        """
        if not WHOLE_NUMBER.fullmatch(str(raw)):
            return self.default
        # As a float first, because `int` refuses to read thousands of digits.
        return int(min(max(float(str(raw)), self.at_least), self.at_most))


@dataclass(frozen=True)
class ChoiceKnob:
    """One of a few named choices: `choices` maps the word in the URL to the word on screen."""

    label: str
    default: str
    choices: dict[str, str]

    def bounded(self, facts: Mapping[str, object]) -> "ChoiceKnob":
        """The same knob: its choices do not depend on the model."""
        return self

    def read(self, raw: object) -> str:
        """`raw` if it is one of the choices, else the default."""
        return raw if isinstance(raw, str) and raw in self.choices else self.default


@dataclass(frozen=True)
class ModelKnob(ChoiceKnob):
    """Which model a lab asks; the host says which it has, as the fact "models"."""

    choices: dict[str, str] = field(default_factory=dict)

    def bounded(self, facts: Mapping[str, object]) -> "ModelKnob":
        """The same knob with the host's models: {name: what it is}; the present one at least."""
        return replace(self, choices={facts["name"]: "", **facts.get("models", {})})


@dataclass(frozen=True)
class TextKnob:
    """Free text of the visitor, of at most `at_most` characters (code points).

    It enters the URL only in a link that the visitor copies: URLs end up in logs.
    """

    label: str
    default: str
    at_most: int

    def bounded(self, facts: Mapping[str, object]) -> "TextKnob":
        """The same knob: the lab reads as many characters for every model."""
        return self

    def read(self, raw: object) -> str:
        """`raw`, cut to the limit; the default if there is none."""
        return raw[: self.at_most] if isinstance(raw, str) else self.default


@dataclass(frozen=True)
class LettersKnob:
    """A row of choices, one letter each: `letters` maps a letter to its word on screen.

    The default stands there `times` over, for instance once for each layer of the model; without
    one the row is as long as somebody writes it.  A letter may have a number of its own, a window
    of at most `at_most` keys (`patterns/schedule_text.py`).
    """

    label: str
    default: str
    letters: dict[str, str]
    times: Limit = 1
    at_most: Limit = 64

    def bounded(self, facts: Mapping[str, object]) -> "LettersKnob":
        """The same knob with its default written out.

        >>> LettersKnob("Layers", "w", {"w": "window"}, "n_layers").bounded({"n_layers": 3}).default
        'www'
        """
        default, at_most = self.default * number(self.times, facts), number(self.at_most, facts)
        return replace(self, default=default, times=1, at_most=at_most)

    def read(self, raw: object) -> str:
        """The letters that `raw` names, in the form of an address; the default for nonsense.

        >>> knob = LettersKnob("Layers", default="www", letters={"w": "window", "f": "full"})
        >>> knob.read("wf8"), knob.read("w8fw"), knob.read("w99fw"), knob.read("G"), knob.read(None)
        ('www', 'w8fw', 'w64fw', 'fff', 'www')
        """
        return (self.typed(raw).text if isinstance(raw, str) else None) or self.default

    def typed(self, words: str) -> Typed:
        """What somebody wrote, and what must be said of it."""
        n_layers = len(layers_in(self.default)) or None
        return read_typed(words, n_layers, self.letters, self.at_most)


Knob = NumberKnob | ChoiceKnob | TextKnob | LettersKnob

KNOB_KINDS = {
    NumberKnob: "number",
    ChoiceKnob: "choice",
    ModelKnob: "choice",
    TextKnob: "text",
    LettersKnob: "letters",
}


def knob_payload(knob: Knob) -> dict:
    """A knob as the browser's controls read it; its limits must be numbers already."""
    return {"kind": KNOB_KINDS[type(knob)], **asdict(knob)}
