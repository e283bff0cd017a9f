"""Books: which of the free texts is a passage from, and how much text does the answer need?"""

from swa_viz.experiments.books import PASSAGE_LEN
from swa_viz.experiments.stored_books import SHOWN, stored_books
from swa_viz.lessons.beyond.kind import Kind
from swa_viz.web.knobs import ChoiceKnob, NumberKnob

KIND = Kind(
    label="Books",
    paragraph="A model that has read a text can also say what kind of text it is. The small model "
    "here names the source of a passage: one of three ages of speeches, two books or three parts "
    "of the Bible. It answers after every token. The answer of the last token can depend only on "
    "what reaches that token through all layers, so a small window costs it most. The mean score "
    "of all tokens hears of every token, each through its own window.",
    stored=stored_books(),
    knobs={
        "passage": ChoiceKnob("Passage", next(iter(SHOWN)), SHOWN),
        "after": NumberKnob("After token", PASSAGE_LEN, 1, PASSAGE_LEN),
    },
    code=(
        "swa_viz.experiments.books:BookReader",
        "swa_viz.experiments.books:answer",
        "swa_viz.experiments.books:schedule_of",
    ),
    sources=(
        "Windows and a few global tokens for the classification of long documents: "
        "[Longformer, arXiv 2004.05150](https://arxiv.org/abs/2004.05150)",
        "The texts: State of the Union addresses and *Moby Dick* from "
        "[stdlib's data sets](https://github.com/stdlib-js/datasets), the King James Bible and the "
        "Jargon File from Debian",
    ),
)
