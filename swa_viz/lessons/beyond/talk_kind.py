"""Long conversations and documents: who said what, beyond the window?"""

from swa_viz.answers.hidden import HiddenSentence, Hiding
from swa_viz.answers.request_plan import RequestPlan
from swa_viz.experiments.stored_talk import stored_talk
from swa_viz.experiments.talks import CONVERSATIONS
from swa_viz.lessons.beyond.kind import Kind
from swa_viz.web.knobs import ChoiceKnob, NumberKnob

# A page shows so many of its lines that the smallest model reads them whole.
MOST_LINES = 6
TALK = CONVERSATIONS["office"]
HIDING = Hiding(
    {
        right.strip().lower(): HiddenSentence(opening, TALK.question, TALK.answers)
        for right, opening in TALK.openings.items()
    },
    TALK.lines[:MOST_LINES],
)
ASKED = ("sequence", "talk")

KIND = Kind(
    label="Talk",
    paragraph="Whoever says something early in a conversation is far back when it ends. The "
    "conversations, documents and meetings here were written for this lab. In each of them "
    "several answers are possible, and every answer is right in turn while everything after the "
    "beginning stays the same. So a model that knows nothing of the beginning finds the right "
    "answer exactly as often as chance, whatever it likes best.",
    knobs={
        "needle": ChoiceKnob(
            "Who says it",
            next(iter(HIDING.needles)),
            {right.strip().lower(): right.strip() for right in TALK.openings},
        ),
        "filler": NumberKnob("Other lines", MOST_LINES, 0, MOST_LINES),
        "before": NumberKnob("Of these before it", 0, 0, MOST_LINES),
    },
    requests=(
        RequestPlan("choices", "full", hiding=HIDING, only_if=ASKED),
        RequestPlan("choices", hiding=HIDING, only_if=ASKED),
    ),
    stored=stored_talk(),
    code=(
        "swa_viz.experiments.needle:answer_probabilities",
        "swa_viz.experiments.stored_talk:right_shares",
    ),
    sources=(
        "What stands early in a long text, and whether a model still uses it: "
        "[Lost in the Middle, arXiv 2307.03172](https://arxiv.org/abs/2307.03172)",
    ),
)
