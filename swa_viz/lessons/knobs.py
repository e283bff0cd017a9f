"""Every control of every page, as data: one entry = one widget = one URL parameter.

`KNOBS[page][name]` holds label, limits and default.  The name is the URL parameter.  `read` turns
whatever stands in a URL, or was sent by a browser, into a value that the page can use: nonsense
becomes the default, numbers out of range are moved to the nearest limit.  A page without a server
reads its URL by the same rules, `knobs.js`; tests hold the two equal.
"""

import re
from dataclasses import asdict, dataclass

from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.trace_payload import STAGES
from swa_viz.patterns.schedule import LAYER_WORDS

# What counts as a whole number: both languages' own readers accept more, and not the same.
WHOLE_NUMBER = re.compile(r"[ \t]*[+-]?[0-9]+[ \t]*")


@dataclass(frozen=True)
class NumberKnob:
    """A whole number on a slider.  `unit` follows the number on screen."""

    label: str
    default: int
    at_least: int
    at_most: int
    unit: str = ""

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

    def read(self, raw: object) -> str:
        """`raw` if it is one of the choices, else the default."""
        return raw if isinstance(raw, str) and raw in self.choices else self.default


@dataclass(frozen=True)
class TextKnob:
    """Free text of the visitor, of at most `at_most` characters.

    It enters the URL only in a link that the visitor copies: URLs end up in logs.
    """

    label: str
    default: str
    at_most: int

    def read(self, raw: object) -> str:
        """`raw`, cut to the limit; the default if there is none."""
        return raw[: self.at_most] if isinstance(raw, str) else self.default


@dataclass(frozen=True)
class LettersKnob:
    """A short row of choices, one letter each: `letters` maps a letter to its word on screen."""

    label: str
    default: str
    letters: dict[str, str]

    def read(self, raw: object) -> str:
        """`raw` if it is just so many known letters, else the default.

        >>> knob = LettersKnob("Layers", default="www", letters={"w": "window", "f": "full"})
        >>> knob.read("wfw"), knob.read("wf"), knob.read("wxw"), knob.read("WFW"), knob.read(None)
        ('wfw', 'www', 'www', 'www', 'www')
        """
        fits = isinstance(raw, str) and len(raw) == len(self.default)
        return raw if fits and set(raw) <= set(self.letters) else self.default


Knob = NumberKnob | ChoiceKnob | TextKnob | LettersKnob

SENTENCE = "When the storm reached the island, the old man took his boat and went down to the"
STORY = (
    "The old man rowed his small boat out to the island before the storm came, and when he "
    "returned late in the evening the children ran down to the shore to meet him"
)
KNOB_KINDS = {
    NumberKnob: "number",
    ChoiceKnob: "choice",
    TextKnob: "text",
    LettersKnob: "letters",
}


def knob_payload(knob: Knob) -> dict:
    """A knob as the browser's controls read it."""
    return {"kind": KNOB_KINDS[type(knob)], **asdict(knob)}


KNOBS: dict[str, dict[str, Knob]] = {
    "home": {
        "text": TextKnob(
            "Your sentence", "The cat sat on the mat, and the dog looked at the", MAX_TEXT
        ),
        "window": NumberKnob("Window W", 4, 1, 64, "keys"),
    },
    "window": {
        "pattern": ChoiceKnob(
            "Pattern",
            "sliding",
            {
                "sliding": "sliding window",
                "centred": "centred window",
                "sink": "window + sinks",
                "global": "window + global tokens",
                "dilated": "dilated window",
                "chunked": "chunks",
                "causal": "full causal",
            },
        ),
        "convention": ChoiceKnob(
            "The number is read by",
            "ours",
            {
                "ours": "this lab: W keys, itself included",
                "transformers": "transformers",
                "flash_attention": "FlashAttention",
                "flex_attention": "FlexAttention",
                "xformers": "xFormers",
                "mistral_one_file": "Mistral's one-file reference",
                "lucidrains": "local-attention",
                "longformer": "Longformer in transformers",
                "longformer_original": "Longformer, original",
                "modernbert": "ModernBERT",
            },
        ),
        "example": ChoiceKnob(
            "Tokens shown as",
            "numbers",
            {"numbers": "numbers", "cat": "The cat sat…", "fox": "brown fox"},
        ),
        "tokens": NumberKnob("Tokens n", 24, 1, 512, "tokens"),
        "window": NumberKnob("Window W", 6, 1, 512, "keys"),
        "radius": NumberKnob("Radius r", 2, 0, 255),
        "chunk": NumberKnob("Chunk C", 6, 1, 512, "tokens"),
        "sinks": NumberKnob("Sink tokens S", 1, 0, 16, "tokens"),
        "dilation": NumberKnob("Dilation d", 2, 1, 16),
        "global": NumberKnob("Global token", 1, 1, 512),
        "second": NumberKnob("Second global", 0, 0, 512),
        "sides": ChoiceKnob("Looks", "back", {"back": "back", "both": "both ways"}),
        "token": NumberKnob("Locked token", 0, 0, 512),
    },
    "attention": {
        "text": TextKnob("Your text", SENTENCE, MAX_TEXT),
        "window": NumberKnob("Window W", 4, 1, 128, "keys"),
        "schedule": LettersKnob("Layers", "wwwwww", LAYER_WORDS),
        "sinks": NumberKnob("Sink tokens S", 0, 0, 4),
        "layer": NumberKnob("Layer", 3, 1, 6, ""),
        "head": NumberKnob("Head", 0, 0, 8, ""),
        "stage": ChoiceKnob("Stage", "weights", STAGES),
        "token": NumberKnob("Locked token", 0, 0, 128, ""),
    },
    "layers": {
        "text": TextKnob("Your text", STORY, MAX_TEXT),
        "window": NumberKnob("Window W", 6, 1, 64, "keys"),
        "schedule": LettersKnob("Layers", "wwwwww", LAYER_WORDS),
        "sinks": NumberKnob("Sink tokens S", 0, 0, 4),
        "layers": NumberKnob("Layers L", 6, 1, 6),
        "token": NumberKnob("Token on top", 0, 0, 128),
        "scale": ChoiceKnob("Scale", "linear", {"linear": "linear", "log": "logarithmic"}),
        "preset": ChoiceKnob(
            "Model",
            "mistral-7b-v0.1",
            {
                "mistral-7b-v0.1": "Mistral 32 × 4,096",
                "32x256": "textbook 32 × 256",
                "custom": "your own",
            },
        ),
        "span_window": NumberKnob("The model's window W", 4096, 1, 8192, "keys"),
        "span_layers": NumberKnob("The model's layers L", 32, 1, 64),
    },
    "speed": {
        "preset": ChoiceKnob(
            "How large", "phone-sized", {w: w for w in ("phone-sized", "Mistral", "own")}
        ),
        "step": ChoiceKnob(
            "What is computed", "forward pass", {w: w for w in ("forward pass", "training step")}
        ),
        "sweep": ChoiceKnob("Sweep over", "text length", {w: w for w in ("text length", "window")}),
        "show": ChoiceKnob(
            "The picture shows",
            "times faster",
            {w: w for w in ("times faster", "milliseconds", "score pairs", "memory")},
        ),
        "tokens": ChoiceKnob(
            "Longest text n", "4096", {str(2**k): str(2**k) for k in range(9, 15)}
        ),
        "window": ChoiceKnob("Window W", "256", {str(2**k): str(2**k) for k in range(4, 13)}),
        "repeats": NumberKnob("Repeats", 5, 3, 15),
    },
}
