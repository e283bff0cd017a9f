"""Which window should a model read through?  Quality against cost, and what is good enough."""

import math
from dataclasses import asdict

from swa_viz.experiments.choice import COSTS, NAMES, OWN_NAMES, as_plain
from swa_viz.experiments.points import QUALITIES
from swa_viz.experiments.stored_choice import stored
from swa_viz.experiments.stored_needle import QUESTIONS
from swa_viz.lessons.lesson import Card, Lesson
from swa_viz.patterns.schedule import LAYER_WORDS
from swa_viz.web.knobs import ChoiceKnob, LettersKnob, NumberKnob

# What was measured on the visitor's own text; all other choices are stored.
OWN = "own"
# A window of a schedule of one's own goes as far as a stretch of text does.
LONGEST = 256

LESSON = Lesson(
    name="choose",
    title="Which window should I take?",
    lead="Each mark is one way to read: a window W in every layer, with some first tokens kept, or "
    "with some layers full. Say how much worse than full attention it may be, and read off the "
    "cheapest way.",
    paragraphs=(
        "**Quality** is measured: bits per byte that the model needs for text that it has not "
        "seen. Lower is better. Every way reads the same stretches of text, and is compared with "
        "full attention stretch by stretch. Stretches differ from each other much more than two "
        "ways to read the same stretch do, so these **paired differences** give a narrow 95 % "
        "confidence interval (Student's t). A model that was trained in windows is compared with "
        "its own window instead.",
        "Or quality is whether a model still knows **a hidden sentence**: each of three sentences "
        "stands a quarter, half and seven eighths of the text before its end, where the model is "
        "asked for it. Three answers are possible, and each is right in turn. Counted are the bits "
        "of the right answer among the three. Who knows it pays 0, and who has no idea and no "
        "preference 1.58.",
        "A way is **good enough** if its whole interval lies within the tolerance. If the interval "
        "only touches the tolerance, the text is too short to decide, and the page says so. The "
        "recommendation is the cheapest way that is surely good enough.",
        "**Cost** is counted (score pairs; keys and values in the cache, with 4 bytes per number) "
        "or timed on a processor. On the **Pareto front** nothing is both cheaper and better. Its "
        "**knee** is the point farthest below the straight line between its ends, on axes "
        "stretched to the same length. The knee depends on which windows were tried, so it is a "
        "hint and no rule.",
    ),
    formula=r"d = \frac{\sum_i (b_i - b_i^{\mathrm{full}})}{\sum_i n_i}"
    "\n"
    r"\mathrm{take} = \mathrm{the\ cheapest\ with\ } d + t_{0.975} \cdot s_d \le "
    r"\mathrm{tolerance}",
    code=(
        "swa_viz.experiments.choice:choose",
        "swa_viz.experiments.choice:front",
        "swa_viz.experiments.choice:knee",
        "swa_viz.experiments.spread:half_width",
    ),
    sources=(
        "Windows after the fact, with first tokens kept: "
        "[StreamingLLM, arXiv 2309.17453](https://arxiv.org/abs/2309.17453)",
        "Five windowed layers for each full one, chosen by measuring quality and cache: "
        "[Gemma 3, arXiv 2503.19786](https://arxiv.org/abs/2503.19786)",
        "The knee as the point farthest from the chord: "
        "[Kneedle, Satopää et al. 2011](https://doi.org/10.1109/ICDCSW.2011.20)",
    ),
    card=Card("Quality against cost, and the smallest window that is good enough.", "front"),
    knobs={
        "measured": ChoiceKnob(
            "Measured on",
            "smollm2-135m",
            {"smollm2-135m": "SmolLM2-135M", "tiny-swa": "tiny-swa", OWN: "your text"},
        ),
        "quality": ChoiceKnob(
            "Quality", "text", {"text": "predicting text", "needle": "a hidden sentence"}
        ),
        "cost": ChoiceKnob(
            "Cost", "pairs", {"pairs": "score pairs", "bytes": "KV cache", "seconds": "time"}
        ),
        "tolerance": NumberKnob("Tolerance", 20, 0, 200),
        "schedule": LettersKnob("Your own schedule", "", LAYER_WORDS, at_most=LONGEST),
        "window": NumberKnob("Its window W", 32, 1, LONGEST, "keys"),
    },
    extra={
        "stored": {
            quality: {name: as_plain(measured) for name, measured in models.items()}
            for quality, models in stored().items()
        },
        "words": {"names": NAMES, "own": OWN_NAMES, "shares": COSTS},
        "qualities": {name: asdict(quality) for name, quality in QUALITIES.items()},
        "guess": math.log2(len(QUESTIONS["name"].answers)),
        "own": None,
    },
    panel="choose_panel",
)
