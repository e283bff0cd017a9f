"""The models: a table of those that are known, and how to load one."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.overrides import TorchFunctionMode

from swa_viz.models.config import TransformerConfig
from swa_viz.models.device import chosen_device
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.tokenizer import Tokenizer
from swa_viz.models.transformer import Transformer

WEIGHTS = Path(__file__).parent / "weights"

# Each model is a folder with model.safetensors, tokenizer.json, config.json and its model card.
MODELS: dict[str, Path] = {"tiny-swa": WEIGHTS / "tiny-swa"}


def load_model(name: str | Path, device: torch.device | str | None = None) -> LanguageModel:
    """Load a model of the table, or a folder like theirs, computing in float32.

    It computes on `device`; None means the one that `chosen_device` takes from SWA_VIZ_DEVICE.

    Raises ValueError for any other name, and for a device that this machine does not have.
    """
    if isinstance(name, str) and name in MODELS:
        return load_folder(MODELS[name], name, device)
    if name and isinstance(name, str | Path) and Path(name).is_dir():
        return load_folder(Path(name), Path(name).resolve().name, device)
    known = ", ".join(MODELS)
    raise ValueError(f"{name!r} is no model and no folder; known models are {known}")


class Unfilled(TorchFunctionMode):
    """Inside, modules do not begin with random numbers: that would load torch's compiler, 1.3 s."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if getattr(function, "__module__", None) == "torch.nn.init":
            return None
        return function(*args, **(kwargs or {}))


@torch.inference_mode(False)  # weights that are made in inference mode can have no gradients
def load_folder(folder: Path, name: str, device: torch.device | str | None = None) -> LanguageModel:
    """Load the model that lies in a folder.

    Raises FileNotFoundError if a file is missing, ValueError for a device that is not there.
    """
    device = chosen_device(device)
    config = TransformerConfig(**json.loads((folder / "config.json").read_text()))
    weights = load_file(folder / "model.safetensors")
    with torch.device("meta"), Unfilled():  # the shapes alone: the numbers come from the file
        transformer = Transformer(config)
    transformer.load_state_dict(
        {key: weight.to(device, torch.float32) for key, weight in weights.items()}, assign=True
    )
    tokenizer = Tokenizer.from_file(folder / "tokenizer.json")
    return LanguageModel(name, transformer, tokenizer)
