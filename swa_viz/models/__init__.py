"""The models: a table of those that are known, and how to load one."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from swa_viz.models.config import TransformerConfig
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.tokenizer import Tokenizer
from swa_viz.models.transformer import Transformer

WEIGHTS = Path(__file__).parent / "weights"

# Each model is a folder with model.safetensors, tokenizer.json, config.json and its model card.
MODELS: dict[str, Path] = {"tiny-swa": WEIGHTS / "tiny-swa"}


def load_model(name: str | Path, device: torch.device | str = "cpu") -> LanguageModel:
    """Load a model of the table, or a folder like theirs, computing in float32 on the device.

    Raises ValueError for a name that is neither.
    """
    if name in MODELS:
        return load_folder(MODELS[name], name, device)
    if Path(name).is_dir():
        return load_folder(Path(name), Path(name).name, device)
    known = ", ".join(MODELS)
    raise ValueError(f"{str(name)!r} is no model and no folder; known models are {known}")


def load_folder(folder: Path, name: str, device: torch.device | str = "cpu") -> LanguageModel:
    """Load the model that lies in a folder.

    Raises FileNotFoundError if a file is missing.
    """
    config = TransformerConfig(**json.loads((folder / "config.json").read_text()))
    transformer = Transformer(config)
    transformer.load_state_dict(load_file(folder / "model.safetensors"))
    tokenizer = Tokenizer.from_file(folder / "tokenizer.json")
    return LanguageModel(name, transformer.to(device), tokenizer)
