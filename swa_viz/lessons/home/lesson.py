"""What is sliding-window attention, in one minute?"""

from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.request_plan import RequestPlan
from swa_viz.lessons.examples import examples_payload
from swa_viz.lessons.lesson import Lesson, LightFile
from swa_viz.lessons.questions import question_knobs
from swa_viz.web.knobs import NumberKnob, TextKnob

LESSON = Lesson(
    name="home",
    title="What is sliding-window attention?",
    lead="With a sliding window of size W, each token can look only at itself and at the "
    "W − 1 tokens before it. Drag W, and see what a token still reads.",
    paragraphs=(
        "Full attention compares every token with every earlier one. So a text twice as long takes "
        "four times the work, and all of it must be kept in memory. With a window of W keys the "
        "work grows only as fast as the text, and the model can forget what is older.",
        "The price: distant tokens become invisible. In one layer, no token can see what is W "
        "tokens old or older. Further layers pass some of it on, and many models mix windowed "
        "layers with a few full ones.",
    ),
    formula=r"\text{query } i \text{ reads key } j \iff 0 \le i - j < W",
    code=("swa_viz.attention:attention", "swa_viz.patterns.mask:build_mask"),
    sources=(
        "[Longformer, arXiv 2004.05150](https://arxiv.org/abs/2004.05150): "
        "windows for long documents",
        "[Mistral 7B, arXiv 2310.06825](https://arxiv.org/abs/2310.06825), section 2: "
        "a sliding window in every layer",
    ),
    knobs={
        "text": TextKnob(
            "Your sentence", "The cat sat on the mat, and the dog looked at the", MAX_TEXT
        ),
        "window": NumberKnob("Window W", 4, 1, 64, "keys"),
        "token": NumberKnob("Locked token", 0, 0, "tokens"),
        **question_knobs("reads", "expects", "pairs", "loses", "keys", "needed"),
    },
    requests=(RequestPlan(schedule="full"), RequestPlan()),
    light=LightFile(views=("token", "ask", "seed")),
    extra={"examples": examples_payload()},
)
