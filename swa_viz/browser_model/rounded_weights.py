"""The weights once more, rounded to ten bits, for a file that must hold everything by itself.

Each row of a matrix is a scale and whole numbers from -511 to 511.  A file of text takes a third
more than its bytes, and so the 16-bit weights would not fit; ten bits do.  The browser turns them
back into the layout of `model.safetensors` (rounded_weights.js), so the graphs read them unchanged.

    the safetensors header, as it is
    for each tensor: float32 scales [rows] of a matrix, or the numbers of a vector as they are
    the low byte of every whole number of all matrices, then the high byte of every one
"""

import json
import struct

import numpy as np

BITS = 10
LARGEST = 2 ** (BITS - 1) - 1


def header_of(file: bytes) -> tuple[bytes, list[dict]]:
    """The header of a safetensors file, and its tensors in the order of their bytes."""
    (length,) = struct.unpack_from("<Q", file)
    header = file[: 8 + length]
    named = json.loads(header[8:])
    entries = [entry for name, entry in named.items() if name != "__metadata__"]
    return header, sorted(entries, key=lambda entry: entry["data_offsets"])


def round_weights(file: bytes) -> bytes:
    """A safetensors file of 16-bit numbers, rounded and packed as above."""
    header, entries = header_of(file)
    smalls, wholes = [], []
    for entry in entries:
        first, last = (len(header) + place for place in entry["data_offsets"])
        numbers = np.frombuffer(file[first:last], "<f2").reshape(entry["shape"])
        if numbers.ndim == 1:
            smalls.append(numbers.tobytes())
            continue
        rows = numbers.astype(np.float32)
        scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True) / LARGEST, np.float32(1e-12))
        smalls.append(scales.astype("<f4").tobytes())
        wholes.append((np.rint(rows / scales) + LARGEST).astype(np.uint16).ravel())
    whole = np.concatenate(wholes)
    planes = [(whole & 255).astype(np.uint8).tobytes(), (whole >> 8).astype(np.uint8).tobytes()]
    return b"".join([header, *smalls, *planes])


def restore_weights(packed: bytes) -> bytes:
    """The safetensors file that the browser makes of it: the slow, obvious twin."""
    header, entries = header_of(packed)
    n_whole = sum(np.prod(entry["shape"]) for entry in entries if len(entry["shape"]) == 2)
    low, high = np.frombuffer(packed[-2 * n_whole :], np.uint8).reshape(2, -1).astype(np.int32)
    whole = low + 256 * high - LARGEST
    place, used, parts = len(header), 0, [header]
    for entry in entries:
        rows, *columns = entry["shape"]
        if not columns:
            parts.append(packed[place : place + 2 * rows])
            place += 2 * rows
            continue
        scales = np.frombuffer(packed[place : place + 4 * rows], "<f4")[:, None]
        place += 4 * rows
        numbers = whole[used : used + rows * columns[0]].reshape(rows, -1)
        used += numbers.size
        parts.append((numbers.astype(np.float32) * scales).astype("<f2").tobytes())
    return b"".join(parts)
