"""Two small photographs, whose patches are tokens as in a vision transformer.

`training/image_data.py` took them from scikit-image; both were given away by their photographers.
"""

from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).parent / "data" / "image" / "photographs.npz"
PIXELS, PATCH = 64, 4
LABELS = {"cat": "a cat", "coffee": "a cup of coffee"}


@cache
def photographs() -> dict[str, dict]:
    """Each photograph as plain data: its sides in patches, a patch's in pixels, and its bytes.

    The bytes are red, green and blue, pixel by pixel and row by row, as hexadecimal digits.
    """
    with np.load(FILE) as arrays:
        return {
            name: {
                "label": label,
                "height": arrays[name].shape[0] // PATCH,
                "width": arrays[name].shape[1] // PATCH,
                "patch": PATCH,
                "pixels": arrays[name].tobytes().hex(),
            }
            for name, label in LABELS.items()
        }
