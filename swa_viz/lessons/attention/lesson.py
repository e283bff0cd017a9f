"""Which tokens attend where, in the visitor's own text?"""

from swa_viz.answers.edit_text import MAX_EDIT
from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.request import STAGES
from swa_viz.answers.request_plan import NO_SINK_LOGIT, RequestPlan
from swa_viz.lessons.examples import examples_payload
from swa_viz.lessons.lesson import DEFAULT_MODEL, Card, Lesson, LightFile
from swa_viz.lessons.questions import question_knobs
from swa_viz.patterns.schedule import LAYER_WORDS
from swa_viz.web.knobs import ChoiceKnob, LettersKnob, ModelKnob, NumberKnob, TextKnob

SENTENCE = "When the storm reached the island, the old man took his boat and went down to the"


LESSON = Lesson(
    name="attention",
    title="Which tokens attend where?",
    lead="A real language model reads your text twice: once with every earlier token in view, and "
    "once through a window. Drag W, and watch what the model expects next.",
    paragraphs=(
        "Each row of a matrix belongs to one token, the *query*. Its scores say how well each "
        "earlier token, a *key*, fits it. The scores become weights that sum to 1, and the weights "
        "mix the values of the keys. A window hides every key that is W tokens old or older "
        "**before** the weights are made, so the remaining keys share the whole sum.",
        "A stack of layers need not read alike: behind “More” each layer has a menu, and may have "
        "a window of its own. There you can also let every token always see the first S "
        "tokens (“sink tokens”). A *sink logit* is something else: one more score in every "
        "softmax, whose share of the attention goes to nobody. Some models, such as gpt-oss, have "
        "learned one for each head.",
        "The model shown is `{name}`. {trained}",
    ),
    formula=r"\mathrm{weights} = \mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d}} + M\right)"
    "\n"
    r"M_{ij} = 0 \text{ where } 0 \le i-j < W, \text{ else } {-\infty}",
    code=("swa_viz.attention:attention",),
    sources=(
        "Attention: [Vaswani et al. 2017, arXiv 1706.03762](https://arxiv.org/abs/1706.03762), "
        "section 3.2",
        "Sliding windows in a causal language model: "
        "[Mistral 7B, arXiv 2310.06825](https://arxiv.org/abs/2310.06825), section 2",
        "A learned sink logit for each head, `sinks`: [gpt-oss in transformers]"
        "(https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt_oss/modeling_gpt_oss.py)",
    ),
    card=Card("Real weights of a real model in your own sentence.", "arcs"),
    knobs={
        "text": TextKnob("Your text", SENTENCE, MAX_TEXT),
        "window": NumberKnob("Window W", 4, 1, "long_tokens", "keys"),
        "schedule": LettersKnob("Layers", "w", LAYER_WORDS, "n_layers", "long_tokens"),
        "sinks": NumberKnob("Sink tokens S", 0, 0, 4),
        "sink_logit": NumberKnob("Sink logit", NO_SINK_LOGIT, NO_SINK_LOGIT, 12),
        "model": ModelKnob("Model", DEFAULT_MODEL),
        "layer": NumberKnob("Layer", 3, 1, "n_layers"),
        "head": NumberKnob("Head", 0, 0, "n_heads"),
        "stage": ChoiceKnob("Stage", "weights", STAGES),
        "token": NumberKnob("Locked token", 0, 0, "long_tokens"),
        "edit": TextKnob("Changed word", "", MAX_EDIT),
        "from": NumberKnob("From token", 0, 0, "long_tokens"),
        **question_knobs(
            *("reads", "expects", "heaviest", "twice", "loses", "pairs", "keys", "needed")
        ),
    },
    requests=(RequestPlan(schedule="full"), RequestPlan()),
    light=LightFile(views=("layer", "head", "token", "ask", "seed")),
    extra={"examples": examples_payload()},
)
