"""A prompt with a sentence hidden in it, made from the knobs of a lab (the twin: hidden.js)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class HiddenSentence:
    """What is hidden, what is asked at the end, and what could be answered."""

    sentence: str
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Hiding:
    """The sentences that can be hidden, by their names, and the sentences that separate them."""

    needles: Mapping[str, HiddenSentence]
    filler: tuple[str, ...]


def hidden_prompt(hiding: Hiding, values: Mapping) -> dict:
    """The text and the choices of a request.

    The knob `needle` names what is hidden, `filler` says how many sentences surround it, and
    `before` how many of these stand before it.

    >>> hiding = Hiding({"a": HiddenSentence("It is A.", " It is", (" A", " B"))}, ("1.", "2."))
    >>> hidden_prompt(hiding, {"needle": "a", "filler": 2, "before": 1})
    {'text': '1. It is A. 2. It is', 'choices': (' A', ' B')}
    """
    needle, count = hiding.needles[values["needle"]], values["filler"]
    first = min(values["before"], count)
    sentences = [*hiding.filler[:first], needle.sentence, *hiding.filler[first:count]]
    return {"text": " ".join(sentences) + needle.question, "choices": tuple(needle.answers)}
