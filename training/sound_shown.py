"""The recordings that the lab shows: two by voices that no model has heard, and one of a person.

    python -m training.sound_shown      needs Debian's espeak-ng and lame; fetches one package

The person's recording is a test file of pocketsphinx.  Where its words begin was set by hand, from
how loud each band is; in the others it is known.
"""

import subprocess
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from safetensors.torch import save_file

from swa_viz.experiments.sound import FRAME, RATE, SHOWN, SILENCE, loudness, sound_file
from training.sound_data import BUILT, Voice, clip
from training.texts import run

PACKAGE = "pocketsphinx-testdata"
PATH = "usr/share/pocketsphinx/test/data/tidigits/dhd.2934z.raw"
SAID: dict[str, tuple[Voice, list[int], int]] = {
    "alike": (Voice("en-gb-x-rp", "edward", 140, 50), [4, 5, 6, 7, 9], 1),
    "other": (Voice("en-us", "f5", 160, 55), [1, 8, 3, 0, 2, 7], 2),
}
# Digit, its first frame, and the frame after its last one.
PERSON = ((2, 27, 43), (9, 43, 66), (3, 66, 90), (4, 90, 116), (0, 116, 161))
NOISE_DB = -44
KILOBITS = "32"


def person() -> tuple[np.ndarray, np.ndarray]:
    """A person who says 2 9 3 4 0, and for each frame the digit that is said in it.

    It has the noise of the recordings that were learned from: without it, the models would hear a
    kind of silence that they do not know.
    """
    if not (BUILT / PATH).exists():
        run("apt-get", "download", PACKAGE, cwd=BUILT)
        run("dpkg", "-x", next(BUILT.glob(f"{PACKAGE}_*.deb")).name, ".", cwd=BUILT)
    samples = np.frombuffer((BUILT / PATH).read_bytes(), "<i2") / 2**15
    labels = np.full(len(samples) // FRAME, SILENCE)
    for digit, first, after in PERSON:
        labels[first:after] = digit
    noise = 10 ** (NOISE_DB / 20) * np.random.default_rng(0).standard_normal(len(samples))
    return samples + noise, labels


def as_mp3(samples: np.ndarray, path: Path) -> None:
    """Write a sound that every browser can play."""
    with TemporaryDirectory() as folder:
        raw = Path(folder, "sound.raw")
        raw.write_bytes((samples.clip(-1, 1) * (2**15 - 1)).astype("<i2").tobytes())
        form = ("-r", "-s", str(RATE / 1000), "-m", "m", "--bitwidth", "16", "-b", KILOBITS)
        subprocess.run(["lame", "--quiet", *form, raw, path], check=True)


def main() -> None:
    """Write what is heard, and what the models read, into the lab's data."""
    SHOWN.parent.mkdir(parents=True, exist_ok=True)
    made = {
        name: clip(words, voice, np.random.default_rng(seed))
        for name, (voice, words, seed) in SAID.items()
    } | {"person": person()}
    tensors = {}
    for name, (samples, labels) in made.items():
        as_mp3(samples, sound_file(name))
        tensors[f"{name}.frames"] = torch.from_numpy(loudness(samples)).to(torch.int8)
        tensors[f"{name}.labels"] = torch.from_numpy(labels).to(torch.uint8)
    save_file(tensors, SHOWN)
    SHOWN.chmod(0o644)  # safetensors writes it for its owner alone


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    main()
