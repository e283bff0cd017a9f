"""Whose work travels with a page: the licences of fonts, weights and runtime."""

from importlib.metadata import distribution

from swa_viz.web.bundle import PACKAGE

NAME = "LICENSES.md"


def notices() -> str:
    """The text of LICENSES.md: beside the package in a checkout, with its metadata if installed."""
    beside = PACKAGE.with_name(NAME)
    if beside.is_file():
        return beside.read_text(encoding="utf-8")
    return distribution("swa-viz").read_text(f"licenses/{NAME}")
