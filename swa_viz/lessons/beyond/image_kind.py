"""Pictures: a window of two dimensions, how depth grows it, and what it costs a small reader."""

from swa_viz.experiments.digits import BUNDLED, reader_payload
from swa_viz.experiments.photographs import photographs
from swa_viz.experiments.stored_image import stored_image
from swa_viz.lessons.beyond.kind import Kind
from swa_viz.timing.grids import stored_grids
from swa_viz.web.knobs import ChoiceKnob, NumberKnob

MOST_PLACES = 256  # the patches of a photograph

KIND = Kind(
    label="Image",
    paragraph="The tokens are pixels, or patches of some pixels, row by row, and the window is a "
    "square around each of them. At a border it is moved inside, so that every place reads as many "
    "keys as any other, where a convolution reads zeros. What a place can hear of grows with every "
    "layer, as in a convolution, by k − 1 rows and columns, until it is the whole picture. Chunks "
    "as in Swin cut the picture apart, and the next layer moves the cuts.",
    stored=stored_image()
    | {
        "photographs": photographs(),
        "times": stored_grids(),
    },
    later={"readers": {name: reader_payload(name) for name in BUNDLED}},
    knobs={
        "picture": ChoiceKnob(
            "Picture", "cat", {"digit": "digit", "cat": "cat", "coffee": "coffee"}
        ),
        "layout": ChoiceKnob(
            "A layer reads", "square", {"square": "square", "spaced": "spaced", "chunks": "chunks"}
        ),
        "around": NumberKnob("Square k", 1, 0, 7),
        "depth": NumberKnob("Layers L", 3, 1, 6),
        "spot": NumberKnob("Chosen place", 0, 0, MOST_PLACES),
        "digit": NumberKnob("Digit", 1, 1, len(stored_image()["examples"])),
    },
    code=(
        "swa_viz.patterns.window_2d:Window2D",
        "swa_viz.patterns.chunked_2d:Chunked2D",
        "swa_viz.patterns.grid:Grid",
    ),
    sources=(
        "A square window that is moved inside at the borders: "
        "[Neighborhood Attention, arXiv 2204.07143](https://arxiv.org/abs/2204.07143); with gaps: "
        "[arXiv 2209.15001](https://arxiv.org/abs/2209.15001)",
        "Chunks that are shifted from layer to layer: "
        "[Swin, arXiv 2103.14030](https://arxiv.org/abs/2103.14030), section 3.2",
        "Patches as tokens: [ViT, arXiv 2010.11929](https://arxiv.org/abs/2010.11929)",
        "The digits: [UCI, Optical Recognition of Handwritten Digits]"
        "(https://archive.ics.uci.edu/dataset/80), CC BY 4.0; the photographs come with "
        "scikit-image, CC0",
    ),
)
