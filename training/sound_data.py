"""Spoken digits for the sound experiment: words said by espeak-ng, set in a row, with noise.

    python -m training.sound_data      two minutes; needs Debian's espeak-ng

A voice of espeak-ng is an accent and a variant.  The variants of the held-out recordings are not
heard in those that are learned from.  Each word is said alone, its silence is cut off, and words
and gaps are put in a row: so it is known which frame belongs to which word.
"""

import subprocess
import sys
import wave
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from joblib import Parallel, delayed
from safetensors.torch import save_file

from swa_viz.experiments.sound import DIGITS, FRAME, N_FRAMES, RATE, SILENCE, loudness

ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029", "en-us-nyc")
VARIANTS = (
    "m1", "m2", "m3", "m4", "m5", "m6", "f1", "f2", "f3", "f4",
    "max", "adam", "linda", "andy", "steph", "benjamin", "john", "belinda", "paul", "grandma",
)  # fmt: skip
HELD_OUT_VARIANTS = ("m7", "f5", "edward", "shelby", "rob", "anika", "michael")
BUILT = Path("build/sound")
# The first seed, how many recordings, and the variants of their voices.
SETS = {
    "learned": (0, 900, VARIANTS),
    "held_out": (1_000_000, 150, HELD_OUT_VARIANTS),
}
QUIET = 0.02  # of the loudest sample: what is below it at both ends of a word is cut off
LONGEST_GAP = 0.25  # seconds
NOISE_DB, GAIN_DB = (-52, -36), (-12, 0)
ESPEAK_VOLUME = "80"


@dataclass(frozen=True)
class Voice:
    """Who says a word, how fast (words a minute) and how high (0 to 99)."""

    accent: str
    variant: str
    speed: int
    pitch: int

    @classmethod
    def drawn(cls, variants: tuple[str, ...], random: np.random.Generator) -> "Voice":
        """Any accent in one of the variants."""
        accent, variant = random.choice(ACCENTS), random.choice(variants)
        return cls(accent, variant, int(random.integers(120, 200)), int(random.integers(25, 75)))


def resampled(samples: np.ndarray, rate: int) -> np.ndarray:
    """The same sound at `RATE` samples a second, without what is higher than those can hold.

    >>> resampled(np.ones(22050), 22050).shape
    (16000,)
    """
    wanted = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)[: wanted // 2 + 1]
    return np.fft.irfft(spectrum, wanted) * wanted / len(samples)


def trimmed(samples: np.ndarray) -> np.ndarray:
    """The sound without the silence before and after it.

    >>> trimmed(np.array([0.0, 0.001, 0.5, 0.0, -1.0, 0.0]))
    array([ 0.5,  0. , -1. ])
    """
    loud = np.flatnonzero(np.abs(samples) > QUIET * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def read_wave(path: Path) -> np.ndarray:
    """A recording of 16 bits as numbers between -1 and 1, at `RATE`."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 2**15
        return resampled(samples, file.getframerate())


def said(word: str, voice: Voice) -> np.ndarray:
    """One word by espeak-ng, trimmed."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "word.wav")
        name = f"{voice.accent}+{voice.variant}"
        settings = ("-a", ESPEAK_VOLUME, "-s", str(voice.speed), "-p", str(voice.pitch))
        subprocess.run(["espeak-ng", "-v", name, *settings, "-w", path, word], check=True)
        return trimmed(read_wave(path))


def clip(
    words: list[int], voice: Voice, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A recording of N_FRAMES frames, and for each frame the digit that is said in it.

    The words that do not fit are cut off.
    """
    n_samples = N_FRAMES * FRAME
    sound, owner = [], []
    for word in words:
        gap, spoken = int(random.uniform(0, LONGEST_GAP) * RATE), said(DIGITS[word], voice)
        sound += [np.zeros(gap), spoken]
        owner += [np.full(gap, SILENCE), np.full(len(spoken), word)]
    samples, owners = np.zeros(n_samples), np.full(n_samples, SILENCE)
    joined = np.concatenate(sound)[:n_samples]
    samples[: len(joined)] = joined * 10 ** (random.uniform(*GAIN_DB) / 20)
    owners[: len(joined)] = np.concatenate(owner)[:n_samples]
    noise = 10 ** (random.uniform(*NOISE_DB) / 20)
    return samples + noise * random.standard_normal(n_samples), owners[FRAME // 2 :: FRAME]


def drawn_clip(seed: int, variants: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """A clip of random digits in a random voice: always the same for the same seed."""
    random = np.random.default_rng(seed)
    voice = Voice.drawn(variants, random)
    samples, labels = clip(random.integers(0, 10, 9).tolist(), voice, random)
    return loudness(samples), labels


def drawn_clips(first: int, number: int, variants: tuple[str, ...], jobs: int) -> dict:
    """Many clips as two tensors: loudness in dB, and what is said."""
    made = Parallel(jobs)(delayed(drawn_clip)(first + i, variants) for i in range(number))
    frames, labels = (torch.from_numpy(np.stack(each)) for each in zip(*made, strict=True))
    return {"frames": frames.to(torch.int8), "labels": labels.to(torch.uint8)}


def make_sets(jobs: int, folder: Path = BUILT) -> None:
    """Make both sets of recordings, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (first, number, variants) in SETS.items():
        path = folder / f"{name}.safetensors"
        if not path.exists():
            print(f"{number} recordings: {name}", file=sys.stderr)
            save_file(drawn_clips(first, number, variants, jobs), path)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    make_sets(jobs=1)
