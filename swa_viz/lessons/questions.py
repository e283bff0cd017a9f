"""The two knobs that name a question: its kind, and a number by which chance is repeated.

The questions themselves are asked in the browser, `lessons/<name>/questions.js`; a link that names
both knobs brings the same one back.
"""

from collections.abc import Mapping

from swa_viz.web.knobs import ChoiceKnob, Knob, NumberKnob

QUESTIONS = {
    "none": "no question",
    "reads": "can this query read that key?",
    "keys": "how many keys are read?",
    "pairs": "how many score pairs are needed?",
    "needed": "how large must the window be?",
    "twice": "through how many layers?",
    "expects": "what does the model expect?",
    "loses": "which word loses most?",
    "heaviest": "which token gets most attention?",
    "depth": "how many layers does it take?",
    "ceiling": "how many tokens can arrive?",
    "width": "how large must W be?",
    "oldest": "which is the oldest token that arrives?",
    "costs": "what does a token cost?",
    "halving": "what does half a window cost?",
    "enough": "which W is good enough?",
    "heard": "how far is the first token heard?",
    "slot": "in which slot does a token live?",
    "evicts": "which token is forgotten?",
    "holds": "how many keys are kept?",
    "again": "what must be computed again?",
    "arrives": "which way lets it arrive?",
    "found": "is it found?",
    "price": "how many score pairs does a way need?",
    "keeps": "which way keeps least?",
}


def question_knobs(*kinds: str) -> Mapping[str, Knob]:
    """The knobs of a lesson that asks questions of these kinds."""
    offered = {kind: QUESTIONS[kind] for kind in ("none", *kinds)}
    return {
        "ask": ChoiceKnob("Question", "none", offered),
        "seed": NumberKnob("Number of the question", 1, 1, 9999),
    }
