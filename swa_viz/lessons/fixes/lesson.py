"""What brings back what a window loses?"""

from swa_viz.answers.request_plan import RequestPlan
from swa_viz.experiments.delay import stored_delay
from swa_viz.experiments.far_tasks import TASKS, WORDS
from swa_viz.experiments.sink_question import stored_sink_question
from swa_viz.experiments.stored_fixes import stored_fixes
from swa_viz.experiments.stored_pretrained import stored_pretrained
from swa_viz.lessons.lesson import Card, Lesson
from swa_viz.lessons.questions import question_knobs
from swa_viz.web.knobs import ChoiceKnob, NumberKnob

STORED = stored_fixes()
HOW, FIXES = STORED["how"], STORED["fixes"]
NEAREST, FURTHEST = HOW["distances"][0], HOW["distances"][-1]

LESSON = Lesson(
    name="fixes",
    title="What gets it back?",
    lead="In these small tasks the answer stands a chosen number of words back. Choose a way to "
    "read further, drag the distance, and see from where a model that learned with it still "
    "finds the answer.",
    paragraphs=(
        f"Every way was trained anew, on the same texts in the same order: {HOW['n_steps']} steps, "
        f"{HOW['n_layers']} layers of {HOW['n_heads']} heads (unless it says otherwise), "
        f"W = {HOW['window']}, texts of {HOW['text_len']} words. The results are those of such "
        "small models after a short training. They show what can arrive and what was learned, and "
        "they do not rank large models.",
        "Two things can be missing. Either the word that decides the answer lies beyond what all "
        "layers reach: then no training helps, and the model can only guess. Or it lies within "
        "reach and the model has not learned to hand it on: then more layers, more steps or "
        "another way may help.",
        "Sink tokens are not made for such tasks. They keep a model stable that was trained in "
        "full attention and is then read through a window; the page Limits measures that. A sink "
        "logit lets a head give attention to nobody. Neither of them makes a far word readable.",
    ),
    formula=r"\mathrm{reach} = L\,(W - 1) + 1"
    "\n"
    r"m_z(a) = \min\!\left(\max\!\left(\frac{R + z - a}{R},\,0\right),\,1\right)",
    code=(
        "swa_viz.experiments.far_tasks:recall",
        "swa_viz.models.spans:soft_mask",
        "swa_viz.models.window_state:state_output_step_by_step",
        "swa_viz.experiments.stored_fixes:heard",
    ),
    sources=(
        "Global tokens and dilated windows: "
        "[Longformer, arXiv 2004.05150](https://arxiv.org/abs/2004.05150)",
        "Sink tokens: [StreamingLLM, arXiv 2309.17453](https://arxiv.org/abs/2309.17453)",
        "Spans that are learned, for each head and for each token: "
        "[Adaptive span, arXiv 1905.07799](https://arxiv.org/abs/1905.07799)",
        "Chunks that are shifted: [Swin, arXiv 2103.14030](https://arxiv.org/abs/2103.14030)",
        "Linear attention, the state of the hybrid: "
        "[arXiv 2006.16236](https://arxiv.org/abs/2006.16236)",
        "Larger windows and the rise of retrieval: "
        "[arXiv 2606.15378](https://arxiv.org/abs/2606.15378)",
    ),
    card=Card(f"{len(FIXES)} ways to read further, each trained and measured.", "returned"),
    knobs={
        "fix": ChoiceKnob(
            "Way to read", "window", {name: fix["label"] for name, fix in FIXES.items()}
        ),
        "task": ChoiceKnob("Task", next(iter(TASKS)), {name: name for name in TASKS}),
        "distance": NumberKnob("Distance of the answer", 48, NEAREST, FURTHEST, "words"),
        "layer": NumberKnob("Layer", 1, 1, max(len(fix["schedule"]) for fix in FIXES.values())),
        "drawn": NumberKnob("Number of the text", 1, 1, 99),
        "step": NumberKnob("Training step", HOW["n_steps"], 1, HOW["n_steps"]),
        **question_knobs("arrives", "found", "price", "keeps"),
    },
    requests=(RequestPlan("puzzle", "own", on_demand=True, text="words"),),
    model="fixes",
    extra={
        "stored": STORED | {"words": list(WORDS)},
        "delay": stored_delay(),
        "sinks": stored_sink_question(),
        "pretrained": stored_pretrained(),
    },
)
