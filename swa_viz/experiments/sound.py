"""Which digit is being said, frame by frame: a small transformer over the frames of a sound.

A frame is 10 ms of sound: how loud it is in each of 40 bands, whose width follows the ear (the mel
scale).  The model reads frames as another reads tokens.  Its window lies behind the frame, as a
program needs it that answers while somebody speaks, or around it, as in a recording that has ended.
`training/sound.py` trains the models, `stored_sound.py` holds what was measured.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import CentredWindow, Pattern, SlidingWindow, build_mask
from swa_viz.shapes import Float, Int, Tensor

FOLDER = Path(__file__).parent
WEIGHTS, DATA = FOLDER / "weights" / "sound", FOLDER / "data" / "sound"
SHOWN = DATA / "shown.safetensors"
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SILENCE = len(DIGITS)
RATE, FRAME, SPECTRUM, N_BANDS = 16_000, 160, 512, 40
FRAME_MS = 1000 * FRAME // RATE
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
FAINTEST_DB = -100
N_FRAMES = 300
RADII = (0, 1, 2, 4, 8, 16)
KINDS = ("behind", "around")


def mel(hertz: Float[np.ndarray, " n"] | float) -> Float[np.ndarray, " n"] | float:
    """The pitch that an ear hears, in mel (O'Shaughnessy 1987).

    >>> round(mel(1000.0))
    1000
    """
    return 2595 * np.log10(1 + hertz / 700)


def hertz(mel: Float[np.ndarray, " n"] | float) -> Float[np.ndarray, " n"] | float:
    """The frequency of a pitch in mel.

    >>> round(hertz(1000.0))
    1000
    """
    return 700 * (10 ** (mel / 2595) - 1)


def band_edges() -> Float[np.ndarray, " n"]:
    """Where bands begin, peak and end, in hertz: each peaks where its neighbours begin or end."""
    return hertz(np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), N_BANDS + 2))


@cache
def band_shares() -> Float[np.ndarray, "n_frequencies n_bands"]:
    """How much of each frequency of a spectrum enters each band: a triangle a band.

    >>> band_shares().shape, round(float(band_shares().max()), 2) <= 1
    ((257, 40), True)
    """
    frequencies = np.fft.rfftfreq(SPECTRUM, 1 / RATE)[:, None]
    edges = band_edges()
    low, peak, high = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (frequencies - low) / (peak - low), (high - frequencies) / (high - peak)
    return np.maximum(0, np.minimum(rising, falling))


def loudness(samples: Float[np.ndarray, " n_samples"]) -> Int[np.ndarray, "n_frames n_bands"]:
    """How loud each band is in each frame, in whole decibels; 0 is about as loud as can be.

    A frame's spectrum is taken over 32 ms around its middle, weighted by a bell (Hann).

    >>> loudness(np.zeros(480)).shape, int(loudness(np.zeros(480)).max())
    ((3, 40), -100)
    """
    around = SPECTRUM - FRAME
    padded = np.pad(samples, (around // 2, around - around // 2))
    cut = np.lib.stride_tricks.sliding_window_view(padded, SPECTRUM)[::FRAME]
    bell = np.hanning(SPECTRUM)
    power = np.abs(np.fft.rfft(cut * bell) * 2 / bell.sum()) ** 2
    decibels = 10 * np.log10(power @ band_shares() + 10 ** (FAINTEST_DB / 10))
    return decibels.round().clip(FAINTEST_DB, 0).astype(int)


class FrameModel(Transformer):
    """A transformer that reads frames of sound, and names what is said in each."""

    def __init__(self, config: TransformerConfig):
        super().__init__(config)
        self.bands = nn.Linear(N_BANDS, config.d_model, bias=False)

    def embed(
        self, frames: Int[Tensor, "*batch seq_len n_bands"], start: int = 0
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """The residual stream before the first layer: no frame knows of another one yet."""
        return self.bands((frames.float() + 60) / 20)

    def forward(
        self,
        frames: Int[Tensor, "n_clips n_frames n_bands"],
        layer_schedule: Sequence[Pattern],
    ) -> Float[Tensor, "n_clips n_frames n_classes"]:
        """How much each digit, or silence, is preferred in each frame, by a fast kernel."""
        states = self.residual_states(self.embed(frames), self.attends(layer_schedule, {}))
        return self.unembed(states[-1])


def frame_config() -> TransformerConfig:
    """The sizes of both models: they differ in the windows alone."""
    return TransformerConfig(
        vocab_size=SILENCE + 1,
        d_model=48,
        n_layers=2,
        n_heads=4,
        n_kv_heads=4,
        d_ff=96,
        window_size=None,
        trained_len=N_FRAMES,
    )


def pattern_of(kind: str, radius: int) -> Pattern:
    """A window of 2 x radius + 1 frames that lies behind the frame or around it.

    >>> pattern_of("behind", 2), pattern_of("around", 2)
    (SlidingWindow(window_size=5), CentredWindow(radius=2))
    """
    return SlidingWindow(2 * radius + 1) if kind == "behind" else CentredWindow(radius)


def schedule_of(kind: str, radius: int) -> tuple[Pattern, ...]:
    """That window in every layer."""
    return (pattern_of(kind, radius),) * frame_config().n_layers


def waits_ms(schedule: Sequence[Pattern], seq_len: int = N_FRAMES) -> int:
    """How much later sound a frame's name depends on, in milliseconds: so long one has to wait.

    It is counted on the masks: each layer reads ahead as far as its pattern lets it.

    >>> waits_ms(schedule_of("behind", 4)), waits_ms(schedule_of("around", 4))
    (0, 80)
    """
    ahead = 0
    for pattern in schedule:
        read = build_mask(pattern, seq_len, seq_len)[seq_len // 2].nonzero()
        ahead += int(read.max()) - seq_len // 2
    return FRAME_MS * ahead


def sound_file(name: str) -> Path:
    """Where a recording that the lab shows can be heard."""
    return DATA / f"{name}.mp3"


@cache
def shown_clips() -> dict[str, tuple[Int[Tensor, "n_frames n_bands"], Int[Tensor, " n_frames"]]]:
    """The recordings that the lab shows, by name: their frames, and what is said in each."""
    stored = load_file(SHOWN)
    names = dict.fromkeys(name.split(".")[0] for name in stored)
    return {name: (stored[f"{name}.frames"], stored[f"{name}.labels"].long()) for name in names}


def model_file(kind: str) -> Path:
    """Where the parameters of seed 0 lie."""
    return WEIGHTS / f"{kind}.safetensors"


def load_frame_model(kind: str) -> FrameModel:
    """The bundled model, computing in float32."""
    model = FrameModel(frame_config())
    stored = load_file(model_file(kind))
    model.load_state_dict({name: numbers.float() for name, numbers in stored.items()})
    return model.eval().requires_grad_(False)


@torch.inference_mode()
def shares_right(
    model: FrameModel,
    schedule: Sequence[Pattern],
    frames: Int[Tensor, "n_clips n_frames n_bands"],
    labels: Int[Tensor, "n_clips n_frames"],
) -> float:
    """Of the frames in which something is said, the share that is named rightly."""
    named = torch.cat([model(part, schedule).argmax(-1) for part in frames.split(10)])
    spoken = labels != SILENCE
    return (named == labels)[spoken].double().mean().item()
