"""DNA: the next base of a genome, read letter by letter."""

from swa_viz.experiments.stored_dna import COPIED, DISTANCE, stored_dna
from swa_viz.lessons.beyond.kind import Kind
from swa_viz.web.knobs import ChoiceKnob, NumberKnob

KIND = Kind(
    label="DNA",
    paragraph="A genome is a text of four letters, the bases A, C, G and T. Whoever knows nothing "
    "needs 2 bits for each. A small model saves little of that, and nearly all of it comes from "
    "the nearest bases. A far base matters where a stretch comes back: who can still read the "
    "first copy can name the second one. The copies here were planted.",
    stored=stored_dna(),
    knobs={
        "stretch": ChoiceKnob(
            "Stretch",
            "copy",
            {"copy": f"{COPIED} bases come again, {DISTANCE} later", "plain": "as it is"},
        ),
        "base": NumberKnob("Base", 210, 0, 255),
    },
    code=(
        "swa_viz.experiments.dna:other_strand",
        "swa_viz.experiments.dna:with_copy",
        "swa_viz.experiments.dna:copy_bits",
    ),
    sources=(
        "Genome of Escherichia coli 536: "
        "[RefSeq NC_008253.1](https://www.ncbi.nlm.nih.gov/nuccore/NC_008253.1)",
        "Windows and other ways to read long DNA: "
        "[HyenaDNA, arXiv 2306.15794](https://arxiv.org/abs/2306.15794)",
    ),
)
