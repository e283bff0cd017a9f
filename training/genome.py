"""The genome of a bacterium, taken from a Debian package by name.

    python -m training.genome      fetches it, and cuts out the stretch that comes with the lab

It is Escherichia coli 536 (RefSeq NC_008253.1, 4.9 million bases), an example file of `bowtie`.
The last twentieth of it is never learned from.
"""

import gzip
from argparse import ArgumentParser
from pathlib import Path

import torch

from swa_viz.experiments.dna import BASES, HELD_OUT, HELD_OUT_LENGTH, packed
from swa_viz.shapes import Int, Tensor
from training.texts import run

PACKAGE = "bowtie-examples"
PATH = "usr/share/doc/bowtie/examples/genomes/NC_008253.fna.gz"
FOLDER = Path("build/dna")
LEARNED_SHARE = 0.95


def fetched(folder: Path = FOLDER) -> Path:
    """The file of the genome; its package is downloaded and unpacked, but not installed."""
    path = folder / PATH
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        run("apt-get", "download", PACKAGE, cwd=folder)
        archive = next(folder.glob(f"{PACKAGE}_*.deb"))
        run("dpkg", "-x", archive.name, ".", cwd=folder)
    return path


def as_numbers(fasta: str) -> Int[Tensor, " n_bases"]:
    r"""The bases as 0, 1, 2, 3 for A, C, G, T; the few that were not read for certain are left out.

    >>> as_numbers(">a name\nACGT\nNNTA\n")
    tensor([0, 1, 2, 3, 3, 0])
    """
    letters = "".join(line for line in fasta.splitlines() if not line.startswith(">"))
    kept = letters.translate({ord(base): str(i) for i, base in enumerate(BASES)})
    return torch.tensor([int(digit) for digit in kept if digit.isdigit()])


def genome(folder: Path = FOLDER) -> tuple[Int[Tensor, " n_bases"], Int[Tensor, " n_bases"]]:
    """What is learned from, and what is held out."""
    bases = as_numbers(gzip.decompress(fetched(folder).read_bytes()).decode("ascii"))
    cut = int(LEARNED_SHARE * len(bases))
    return bases[:cut], bases[cut:]


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    _, held_out = genome()
    HELD_OUT.parent.mkdir(parents=True, exist_ok=True)
    HELD_OUT.write_bytes(packed(held_out[:HELD_OUT_LENGTH]))
