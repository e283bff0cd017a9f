"""Which keys does a query read?  Every pattern beside full attention, in everyone's numbers."""

from dataclasses import asdict

from swa_viz.lessons.lesson import Card, Lesson
from swa_viz.lessons.questions import question_knobs
from swa_viz.patterns import CONVENTIONS, PATTERNS, SlidingWindow
from swa_viz.patterns.settings import LONGEST, Choice, Setting
from swa_viz.presets import PRESETS, ModelPreset
from swa_viz.web.knobs import ChoiceKnob, Knob, NumberKnob

MODELS_COUNTED = {
    "mistral-7b-v0.1": "Mistral 7B v0.1",
    "gemma-3-1b": "Gemma 3 1B",
    "gpt-oss-20b": "gpt-oss-20b",
}


def knob_of(setting: Setting | Choice) -> Knob:
    """A setting of a pattern as a control of the page."""
    if isinstance(setting, Choice):
        return ChoiceKnob(setting.label, setting.default, setting.choices)
    return NumberKnob(
        setting.label, setting.default, setting.at_least, setting.at_most, setting.unit
    )


def pattern_knobs() -> dict[str, Knob]:
    """The controls of all patterns; a setting that several patterns share is one control."""
    settings = {each.name: each for pattern in PATTERNS.values() for each in pattern.settings}
    return {name: knob_of(setting) for name, setting in settings.items()}


def models() -> dict[str, dict]:
    """The real models whose costs are counted: what a window saves depends on these numbers."""
    named = {name: PRESETS[name] for name in MODELS_COUNTED}
    return {name: model_payload(preset) for name, preset in named.items()}


def model_payload(preset: ModelPreset) -> dict:
    """A model as plain data; the window that its sliding layers share."""
    layers = preset.layer_schedule
    windows = [layer.window_size for layer in layers if isinstance(layer, SlidingWindow)]
    return {
        "label": preset.label,
        "window": max(windows),
        "n_sliding": len(windows),
        "n_full": len(layers) - len(windows),
        "n_heads": preset.n_heads,
        "n_kv_heads": preset.n_kv_heads,
        "head_dim": preset.head_dim,
        "source": preset.source,
        "url": preset.url,
    }


LESSON = Lesson(
    name="window",
    title="Which keys does a query read?",
    lead="Drag W, and see the triangle of full attention become a band. In other programs the same "
    "number means one key more or less.",
    paragraphs=(
        "A row is a query, a column a key, and *age* is how many tokens the key lies behind the "
        "query. Full causal attention reads every key that is already written. A sliding window "
        "reads only the W youngest, the query itself included, so the triangle becomes a band of "
        "constant width and the work grows with N times W instead of N squared.",
        "In one layer a token outside the window is invisible: with W = 3 in *The cat sat on the*, "
        "“on” cannot read “The”. It is not lost to the model. The next layer reads tokens that "
        "have read tokens of their own, so what was written reaches further with every layer.",
    ),
    formula=r"\text{pairs} = \sum_{i=0}^{N-1}\min(i+1,\,W) = N\,W - \frac{W(W-1)}{2}"
    r"\quad (N \ge W)"
    "\n"
    r"\frac{N(N+1)/2}{\text{pairs}} \;\to\; \frac{N}{2W}",
    code=("swa_viz.patterns.sliding:SlidingWindow", "swa_viz.patterns.mask:build_mask"),
    sources=(
        "Sliding windows in a causal language model: "
        "[Mistral 7B, arXiv 2310.06825](https://arxiv.org/abs/2310.06825), section 2",
        "Centred, dilated and global windows: "
        "[Longformer, arXiv 2004.05150](https://arxiv.org/abs/2004.05150), section 3.1",
        "Sink tokens: [StreamingLLM, arXiv 2309.17453](https://arxiv.org/abs/2309.17453)",
        "Each program's rule: the link below its name in the table above",
    ),
    card=Card(
        f"The rule as a picture, for every pattern and for {len(CONVENTIONS)} readings of W.",
        "band",
    ),
    knobs={
        "pattern": ChoiceKnob(
            "Pattern",
            "sliding",
            {kind: pattern.label for kind, pattern in PATTERNS.items()},
        ),
        "convention": ChoiceKnob(
            "The number is read by",
            "ours",
            {
                "ours": "this lab: W keys, itself included",
                **{name: convention.label for name, convention in CONVENTIONS.items()},
            },
        ),
        "example": ChoiceKnob(
            "Tokens shown as",
            "numbers",
            {"numbers": "numbers", "cat": "The cat sat…", "fox": "brown fox"},
        ),
        "tokens": NumberKnob("Tokens N", 24, 1, LONGEST, "tokens"),
        **pattern_knobs(),
        "token": NumberKnob("Locked token", 0, 0, LONGEST),
        "cost_model": ChoiceKnob("Model", "mistral-7b-v0.1", MODELS_COUNTED),
        "cost_tokens": NumberKnob("Length of its text N", 16_384, 1, 131_072, "tokens"),
        "cost_window": NumberKnob("W of its sliding layers", 4096, 1, 131_072, "keys"),
        **question_knobs("reads", "pairs", "keys", "twice", "needed"),
    },
    extra={
        "models": models(),
        "conventions": {name: asdict(convention) for name, convention in CONVENTIONS.items()},
        "patterns": {
            kind: {"settings": [asdict(setting) for setting in pattern.settings]}
            for kind, pattern in PATTERNS.items()
        },
    },
)
