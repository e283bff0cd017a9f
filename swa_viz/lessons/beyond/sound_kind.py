"""Sound: which digit is said in each frame, in windows behind the frame and around it."""

from swa_viz.experiments.stored_sound import sounds, stored_sound
from swa_viz.lessons.beyond.kind import Kind
from swa_viz.web.knobs import ChoiceKnob, NumberKnob

KIND = Kind(
    label="Sound",
    paragraph="Sound is cut into frames of 10 ms, and a model reads frames as another reads "
    "tokens. A program that answers while somebody speaks can only use a window that lies behind "
    "the frame. A recording that has ended can be read with a window around it: the model then "
    "knows the end of a word when it names its beginning, but it has to wait for that end.",
    stored=stored_sound(),
    later={"sounds": sounds()},
    knobs={
        "recording": ChoiceKnob(
            "Recording",
            "alike",
            {"alike": "4 5 6 7 9", "other": "1 8 3 0 2 7", "person": "2 9 3 4 0, a person"},
        ),
        "frame": NumberKnob("Frame", 36, 0, 299),
    },
    code=(
        "swa_viz.experiments.sound:loudness",
        "swa_viz.experiments.sound:pattern_of",
        "swa_viz.experiments.sound:waits_ms",
    ),
    sources=(
        "Windows on both sides for recognition, behind the frame for streaming: "
        "[Transformer Transducer, arXiv 2002.02562](https://arxiv.org/abs/2002.02562)",
        "The voices are made by eSpeak NG; the person is a test recording of "
        "[CMU PocketSphinx](https://github.com/cmusphinx/pocketsphinx)",
    ),
)
