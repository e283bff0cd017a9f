"""How far does information travel through a stack of windows?"""

from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.request_plan import RequestPlan
from swa_viz.experiments.stored_why import stored_why
from swa_viz.lessons.layers.examples import examples_payload
from swa_viz.lessons.lesson import DEFAULT_MODEL, Card, Lesson, LightFile
from swa_viz.lessons.questions import question_knobs
from swa_viz.patterns.schedule import LAYER_WORDS
from swa_viz.presets import PRESETS
from swa_viz.web.knobs import ChoiceKnob, LettersKnob, ModelKnob, NumberKnob, TextKnob

STORY = (
    "The old man rowed his small boat out to the island before the storm came, and when he "
    "returned late in the evening the children ran down to the shore to meet him"
)
MODELS_SHOWN = {
    "mistral-7b-v0.1": "Mistral 32 × 4,096",
    "32x256": "textbook 32 × 256",
    "custom": "your own",
}


def presets() -> dict[str, dict]:
    """The real models that the staircase offers: their sizes, and where these are written."""
    named = {name: PRESETS[name] for name in MODELS_SHOWN if name in PRESETS}
    return {
        name: {
            "window": preset.layer_schedule[0].window_size,
            "layers": preset.n_layers,
            "label": preset.label,
            "source": preset.source,
            "url": preset.url,
            "says": preset.says,
        }
        for name, preset in named.items()
    }


LESSON = Lesson(
    name="layers",
    title="How far does information travel?",
    lead="One layer reaches W − 1 tokens back, and each further layer adds W − 1. "
    "That is the most that can arrive; usually much less does.",
    paragraphs=(
        "In layer 1 a token reads its own window. In layer 2 it reads tokens that have each read "
        "their own window, and so on: the view widens like the **receptive field** of a "
        "convolutional network. Every layer adds W − 1 tokens and not W, because its window starts "
        "on the token itself.",
        "“Stacked windows see W × L tokens” is therefore an upper bound, and it only says *which* "
        "tokens can matter. How much they matter falls off far sooner: each layer keeps much of "
        "the token itself and averages the rest, and few of the many paths reach the far edge. "
        "In the second formula *a* is what a layer keeps of the token itself; the chart fits this "
        "one number to what was measured.",
    ),
    formula=r"\mathrm{reach} = 1 + \sum_{l=1}^{L} (W_l - 1) = L\,(W-1)+1"
    "\n"
    r"\mathrm{influence} \approx \left(a I + (1-a)\, U_W\right)^{L}",
    code=(
        "swa_viz.reach:reachable",
        "swa_viz.reach:diluted_influence",
        "swa_viz.experiments.influence:measured_influence",
        "swa_viz.experiments.stored_why:bits_with",
    ),
    sources=(
        "Reach of stacked windows: "
        "[Mistral 7B, arXiv 2310.06825](https://arxiv.org/abs/2310.06825), section 2; "
        "[Longformer, arXiv 2004.05150](https://arxiv.org/abs/2004.05150), section 3.1",
        "Positions that make a score depend on the distance alone: "
        "[RoPE, arXiv 2104.09864](https://arxiv.org/abs/2104.09864)",
        "Effective receptive fields fade towards their edge: "
        "[Luo et al. 2016, arXiv 1701.04128](https://arxiv.org/abs/1701.04128)",
    ),
    card=Card("Each layer reaches W − 1 tokens back, so a stack reaches further.", "cone"),
    knobs={
        "text": TextKnob("Your text", STORY, MAX_TEXT),
        "window": NumberKnob("Window W", 6, 1, 64, "keys"),
        "schedule": LettersKnob("Layers", "w", LAYER_WORDS, "n_layers", 64),
        "sinks": NumberKnob("Sink tokens S", 0, 0, 4),
        "model": ModelKnob("Model", DEFAULT_MODEL),
        "layers": NumberKnob("Layers L", "n_layers", 1, "n_layers"),
        "token": NumberKnob("Token on top", 0, 0, "tokens"),
        "scale": ChoiceKnob("Scale", "linear", {"linear": "linear", "log": "logarithmic"}),
        "preset": ChoiceKnob("Model", "mistral-7b-v0.1", MODELS_SHOWN),
        "span_window": NumberKnob("The model's window W", 4096, 1, 8192, "keys"),
        "span_layers": NumberKnob("The model's layers L", 32, 1, 64),
        **question_knobs("depth", "ceiling", "width", "oldest"),
    },
    requests=(RequestPlan("influence", "first_layers"),),
    light=LightFile(
        whole=("layers",), views=("scale", "preset", "span_window", "span_layers", "ask", "seed")
    ),
    extra={"presets": presets(), "examples": examples_payload(), "why": stored_why()},
)
