"""Program code: which names does a query still read where they stand again?"""

from swa_viz.answers.request_plan import RequestPlan
from swa_viz.experiments.stored_code import stored_code
from swa_viz.lessons.beyond.kind import Kind
from swa_viz.web.knobs import NumberKnob, TextKnob

CODE = """\
def letter(elizabeth, darcy):
    house = elizabeth.house
    if house == darcy.house:
        return darcy
    return elizabeth
"""
MAX_CODE = 2_000
ASKED = ("sequence", "code")

KIND = Kind(
    label="Code",
    paragraph="A name in a program is used far from where it is defined. A window that holds the "
    "definition can copy the name from it. Otherwise the model must guess the name, or hear of it "
    "through several layers. The model shown was trained on prose and has read no code, so its "
    "bits tell what is far away and not how well it knows Python.",
    stored=stored_code(),
    knobs={
        "code": TextKnob("Your code", CODE, MAX_CODE),
        "name": NumberKnob("Chosen name", 0, 0, "tokens"),
    },
    requests=(
        RequestPlan("perplexity", "full", text="code", only_if=ASKED),
        RequestPlan("perplexity", text="code", only_if=ASKED),
    ),
    code=(
        "swa_viz.experiments.code_names:names_in",
        "swa_viz.experiments.code_names:uses_of",
        "swa_viz.experiments.perplexity:cost_bits",
    ),
    sources=(
        "Windows in a model for code: "
        "[StarCoder 2, arXiv 2402.19173](https://arxiv.org/abs/2402.19173)",
    ),
)
