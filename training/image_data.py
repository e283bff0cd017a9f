"""Take the pictures of the lab out of the packages that carry them.

    pip download --no-deps --dest build/wheels scikit-learn==1.9.1 scikit-image==0.26.0
    python -m training.image_data --wheels build/wheels

The handwritten digits of the UCI repository (CC BY 4.0) come with scikit-learn, and two photographs
that their photographers gave away (CC0) with scikit-image.  Both packages are opened, never run.
"""

import argparse
import gzip
import io
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from PIL import Image

from swa_viz.experiments.digits import FILE, SIDE
from swa_viz.experiments.photographs import FILE as PHOTOGRAPHS
from swa_viz.experiments.photographs import PIXELS

# Where each photograph shows most: left, top, right and bottom of a square.
CUTS = {"cat": ("chelsea.png", (100, 5, 395, 300)), "coffee": ("coffee.png", (120, 0, 520, 400))}


def taken_from(folder: Path, package: str, member: str) -> bytes:
    """One file of a wheel that lies in a folder.

    Raises FileNotFoundError if the wheel is not there.
    """
    wheels = sorted(folder.glob(f"{package}-*.whl"))
    if not wheels:
        raise FileNotFoundError(f"no wheel of {package} lies in {folder}")
    with ZipFile(wheels[-1]) as wheel:
        return wheel.read(member)


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True)
    wheels = parser.parse_args().wheels
    table = gzip.decompress(
        taken_from(wheels, "scikit_learn", "sklearn/datasets/data/digits.csv.gz")
    )
    numbers = np.loadtxt(io.BytesIO(table), delimiter=",").astype(np.uint8)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(FILE, images=numbers[:, :-1].reshape(-1, SIDE, SIDE), labels=numbers[:, -1])
    photographs = {}
    for name, (file, box) in CUTS.items():
        picture = Image.open(io.BytesIO(taken_from(wheels, "scikit_image", f"skimage/data/{file}")))
        photographs[name] = np.asarray(picture.convert("RGB").crop(box).resize((PIXELS, PIXELS)))
    np.savez_compressed(PHOTOGRAPHS, **photographs)


if __name__ == "__main__":
    main()
