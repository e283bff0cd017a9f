"""Read a model that lies in a folder as this project writes it: see `training/export.py`."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file

from swa_viz.models.config import TransformerConfig
from swa_viz.models.filling import fill, unfilled_transformer
from swa_viz.models.transformer import Transformer


def load_transformer(folder: Path, sent: Mapping, device: torch.device) -> Transformer:
    """The model of a folder whose `config.json` is `sent`, computing in float32.

    Raises FileNotFoundError if the file of its numbers is missing, ValueError if it does not fit.
    """
    transformer = unfilled_transformer(TransformerConfig(**sent))
    weights = load_file(folder / "model.safetensors")
    return fill(transformer, {name: partial(weights.get, name) for name in weights}, device)
