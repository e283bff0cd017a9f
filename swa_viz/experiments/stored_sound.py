"""How often digits are named rightly in windows behind a frame and around it, measured once.

`python -m training.sound` trains the models, measures them and writes what is kept here.
"""

from base64 import b64encode
from pathlib import Path

import torch

from swa_viz.experiments.keeping import kept
from swa_viz.experiments.sound import (
    FAINTEST_DB,
    RADII,
    FrameModel,
    schedule_of,
    shown_clips,
    sound_file,
)
from swa_viz.shapes import Int, Tensor

FILE = Path(__file__).with_suffix(".json")
SIGNS = "0123456789."


def written(labels: Int[Tensor, " n_frames"]) -> str:
    """What is said in each frame, a sign a frame; a dot is silence.

    >>> written(torch.tensor([10, 4, 4]))
    '.44'
    """
    return "".join(SIGNS[label] for label in labels.tolist())


@torch.inference_mode()
def names_given(model: FrameModel, kind: str, clip: str) -> list[str]:
    """What the model names in each frame of a shown recording, for each size of window."""
    frames = shown_clips()[clip][0][None]
    return [written(model(frames, schedule_of(kind, r))[0].argmax(-1)) for r in RADII]


def in_page(name: str) -> dict:
    """A shown recording as a page has it: its frames as letters, and what is said in each."""
    frames, labels = shown_clips()[name]
    louder = (frames.int() - FAINTEST_DB).to(torch.uint8)
    return {
        "frames": b64encode(louder.numpy().tobytes()).decode("ascii"),
        "labels": written(labels),
    }


def stored_sound() -> dict:
    """What was measured, with the recordings that are shown.

    {"how", "radii", "right": {kind: [seed][radius]}, "waits_ms": {kind: [radius]},
    "named": {recording: {kind: [radius]}}, "clips": {recording: {"frames", "labels"}}}
    """
    measured = kept(FILE)
    return measured | {"clips": {name: in_page(name) for name in measured["named"]}}


def sounds() -> dict[str, str]:
    """The shown recordings as letters, as a page has them to be heard."""
    return {
        name: b64encode(sound_file(name).read_bytes()).decode("ascii") for name in shown_clips()
    }
