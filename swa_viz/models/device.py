"""Where a model computes: on the processor, or on a graphics card."""

import os
import re

import torch

VARIABLE = "SWA_VIZ_DEVICE"
DEVICE_NAME = re.compile(r"(cpu|cuda|mps)(?::(\d+))?")


def chosen_device(device: torch.device | str | None = None) -> torch.device:
    """The device of that name; None asks the environment variable SWA_VIZ_DEVICE for the name.

    `auto`, the default, is CUDA where there is one, else the processor.

    >>> chosen_device("cpu")
    device(type='cpu')

    Raises ValueError for an unknown name, and for a device that this machine does not have.
    """
    asked_by, name = "device", device
    if name is None:
        asked_by, name = VARIABLE, os.environ.get(VARIABLE) or "auto"
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    named = DEVICE_NAME.fullmatch(str(name))
    if named is None:
        message = f"{asked_by} must be auto, cpu, cuda, cuda:1 and so on, or mps, but it is"
        raise ValueError(f"{message} {str(name)!r}")
    kind, number = named[1], int(named[2] or 0)
    if number >= number_of_devices(kind):
        here = ", ".join(["auto", *devices_here()])
        raise ValueError(
            f"{asked_by} is {str(name)!r}, but on this machine it must be one of {here}"
        )
    return torch.device(kind, number) if kind == "cuda" and named[2] else torch.device(kind)


def number_of_devices(kind: str) -> int:
    """How many devices of a kind ("cpu", "cuda" or "mps") torch can use here."""
    if kind == "cuda":
        return torch.cuda.device_count() if torch.cuda.is_available() else 0
    return int(kind == "cpu" or torch.backends.mps.is_available())


def devices_here() -> list[str]:
    """The names of all devices that torch can use here."""
    cards = [f"cuda:{number}" for number in range(number_of_devices("cuda"))]
    return ["cpu", *cards, *["mps"] * number_of_devices("mps")]
