"""Does a sliding window work beyond prose?  Each kind of sequence brings its own two files."""

from importlib import import_module

from swa_viz.lessons.beyond.kind import Kind
from swa_viz.lessons.lesson import DEFAULT_MODEL, Card, Lesson
from swa_viz.web.knobs import ChoiceKnob, ModelKnob, NumberKnob

# In the order of the switch; a kind's module is named after it, here and in kinds.js.
KINDS: dict[str, Kind] = {
    name: import_module(f"{__package__}.{name}_kind").KIND
    for name in ("code", "talk", "books", "image", "dna", "sound")
}


def of_all(part: str) -> tuple[str, ...]:
    """What the kinds list under this name, one after the other; what two of them list, once."""
    return tuple(dict.fromkeys(each for kind in KINDS.values() for each in getattr(kind, part)))


LESSON = Lesson(
    name="beyond",
    menu="Beyond text",
    title="Does it work beyond prose?",
    lead="A window needs only a sequence. Choose one, drag W, and see what a position still reads "
    "and what that costs.",
    paragraphs=tuple(f"**{kind.label}.** {kind.paragraph}" for kind in KINDS.values()),
    formula=r"0 \le i - j < W"
    "\n"
    r"\mathrm{reach} = L\,(W - 1) + 1",
    code=of_all("code"),
    sources=of_all("sources"),
    card=Card("The same window on sequences that are no prose.", "names"),
    knobs={
        "sequence": ChoiceKnob(
            "Sequence", next(iter(KINDS)), {name: kind.label for name, kind in KINDS.items()}
        ),
        "window": NumberKnob("Window W", 8, 1, 128),
        "model": ModelKnob("Model", DEFAULT_MODEL),
        **{name: knob for kind in KINDS.values() for name, knob in kind.knobs.items()},
    },
    requests=tuple(plan for kind in KINDS.values() for plan in kind.requests),
    later={name: data for kind in KINDS.values() for name, data in kind.later.items()},
    extra={"stored": {name: kind.stored for name, kind in KINDS.items() if kind.stored}},
)
