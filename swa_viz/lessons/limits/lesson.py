"""What is lost when a model reads through a window?"""

from swa_viz.answers.hidden import HiddenSentence, Hiding
from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.request_plan import RequestPlan
from swa_viz.experiments.stored_limits import stored
from swa_viz.experiments.stored_map import map_payload
from swa_viz.experiments.stored_needle import QUESTIONS, stored_needle
from swa_viz.experiments.stored_prefill import stored_prefill
from swa_viz.experiments.window_family import family_payload
from swa_viz.lessons.lesson import DEFAULT_MODEL, Card, Lesson, LightFile
from swa_viz.lessons.limits.examples import examples_payload
from swa_viz.lessons.questions import question_knobs
from swa_viz.patterns.schedule import LAYER_WORDS
from swa_viz.web.knobs import ChoiceKnob, LettersKnob, ModelKnob, NumberKnob, TextKnob

TEXT = (
    "My name is Elizabeth Bennet, and I live in the house on the hill. The house is old, and the "
    "road to the hill is long. If anyone should ask you for my name, say that it is Elizabeth "
    "Bennet."
)

# The window's own size is that of the page, so the live prompt is short; this separates its parts.
FILLER = (
    "The road to the sea was long, and the rain fell on it all day.",
    "An old man sold apples at the gate and talked of the harvest.",
    "The ship lay in the harbour until the wind turned to the north.",
    "Nobody in the village had seen so much snow in the spring.",
    "The children walked home slowly and counted the birds on the wall.",
    "At night the fire was low and the house was very quiet.",
)
# One sentence for each answer, so that a visitor can change what is right.
HIDING = Hiding(
    {
        answer.strip().lower(): HiddenSentence(
            question.sentence.format(answer).strip(), question.question, question.answers
        )
        for question in QUESTIONS.values()
        for answer in question.answers
    },
    FILLER,
)

LESSON = Lesson(
    name="limits",
    title="What is lost?",
    lead="A model predicts every token of your text from the tokens before it. A window hides the "
    "older ones, so some tokens become harder to predict. Drag W and see which.",
    paragraphs=(
        "A token that the model gave the probability p costs **−log₂ p bits**: 0 bits if it was "
        "certain, 1 bit if it gave one half, 12 bits if it had to guess among 4,096 tokens. "
        "**Perplexity** is 2 to the power of the mean: among so many equally likely tokens the "
        "model had to choose.",
        "Most tokens depend on the few before them, and a window costs them nothing. A name that "
        "returns, a quotation that must close or an instruction at the start depends on a token "
        "far back. There the window costs most.",
        "The model shown is `{name}`. {trained}",
    ),
    formula=r"\mathrm{bits}_i = -\log_2 p(x_i \mid x_1, \ldots, x_{i-1})"
    "\n"
    r"\mathrm{perplexity} = 2^{\frac{1}{N-1} \sum_{i=2}^{N} \mathrm{bits}_i}",
    code=(
        "swa_viz.experiments.perplexity:cost_bits",
        "swa_viz.experiments.perplexity:read_under",
        "swa_viz.experiments.influence:first_token_change",
        "swa_viz.experiments.stored_needle:right_share",
        "swa_viz.experiments.prefill:in_prompt_only",
        "swa_viz.experiments.sensitivity:greedy_way",
    ),
    sources=(
        "A model trained with full attention, read through a window, with and without its first "
        "tokens: [StreamingLLM, arXiv 2309.17453](https://arxiv.org/abs/2309.17453)",
        "Windows in a model that was trained with them: "
        "[Mistral 7B, arXiv 2310.06825](https://arxiv.org/abs/2310.06825)",
        "Windows in the prompt only, visible first tokens and full layers, in combination: "
        "[arXiv 2512.10411](https://arxiv.org/abs/2512.10411)",
        "Which layers and heads must stay full: "
        "[arXiv 2606.18056](https://arxiv.org/abs/2606.18056), "
        "[arXiv 2604.05942](https://arxiv.org/abs/2604.05942)",
    ),
    card=Card("What a window costs, token by token, in your own text.", "costs"),
    knobs={
        "text": TextKnob("Your text", TEXT, MAX_TEXT),
        "window": NumberKnob("Window W", 4, 1, "tokens", "keys"),
        "schedule": LettersKnob(
            "Layers", "w", {each: LAYER_WORDS[each] for each in "wf"}, "n_layers", "tokens"
        ),
        "sinks": NumberKnob("Sink tokens S", 0, 0, 4),
        "model": ModelKnob("Model", DEFAULT_MODEL),
        "token": NumberKnob("Locked token", 0, 0, "tokens"),
        "needle": ChoiceKnob(
            "The hidden sentence",
            "blue",
            {name: needle.sentence for name, needle in HIDING.needles.items()},
        ),
        "filler": NumberKnob("Other sentences", len(FILLER), 0, len(FILLER)),
        "before": NumberKnob("Of these before it", 2, 0, len(FILLER)),
        **question_knobs("costs", "halving", "enough", "heard"),
    },
    requests=(
        RequestPlan("perplexity", "full"),
        RequestPlan("perplexity"),
        RequestPlan("windows", "every_window", for_first_picture=False),
        RequestPlan("first_token", for_first_picture=False),
        RequestPlan("choices", "full", for_first_picture=False, hiding=HIDING),
        RequestPlan("choices", for_first_picture=False, hiding=HIDING),
    ),
    light=LightFile(views=("token", "ask", "seed")),
    extra={
        "examples": examples_payload(),
        "stored": stored(),
        "family": family_payload(),
        "needle": stored_needle(),
        "prefill": stored_prefill(),
        "map": map_payload(),
    },
)
