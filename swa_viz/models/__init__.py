"""The models: a table of those that are known, and how to load one."""

import json
from pathlib import Path

import torch

from swa_viz.models.device import chosen_device
from swa_viz.models.formats import hugging_face, own
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.table import CONFIG_FILE, MODELS, offered_models
from swa_viz.models.tokenizer import Tokenizer

__all__ = ["MODELS", "LanguageModel", "load_folder", "load_model", "offered_models"]

TOKENIZER_FILE = "tokenizer.json"


def load_model(name: str | Path, device: torch.device | str | None = None) -> LanguageModel:
    """Load a model of the table, one of SWA_VIZ_MODELS, or a folder, computing in float32.

    A folder is one like those of the table, or one as Hugging Face's transformers writes them.  It
    computes on `device`; None means the one that `chosen_device` takes from SWA_VIZ_DEVICE.

    Raises ValueError for any other name, for one that was not fetched yet, for a model that cannot
    be computed here, and for a device that this machine does not have; FileNotFoundError if a file
    of the folder is missing.
    """
    offered = offered_models()
    if isinstance(name, str) and name in offered:
        return load_folder(offered[name].folder, name, device, offered[name].vocabulary)
    if name and isinstance(name, str | Path) and Path(name).is_dir():
        return load_folder(Path(name), Path(name).resolve().name, device)
    if isinstance(name, str) and name in MODELS:
        raise ValueError(f"{name} is not here yet: python -m swa_viz.models fetch {name}")
    known = ", ".join(MODELS | offered)
    raise ValueError(f"{name!r} is no model and no folder; known models are {known}")


def read_json(path: Path) -> dict:
    """The object that a JSON file holds.

    Raises FileNotFoundError if there is no such file, ValueError if it holds anything else.
    """
    try:
        read = json.loads(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is no text in UTF-8: {error}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{path.name} is no JSON: {error}") from error
    if not isinstance(read, dict):
        raise ValueError(f"{path.name} must hold an object, but it holds {type(read).__name__}")
    return read


def load_folder(
    folder: Path,
    name: str,
    device: torch.device | str | None = None,
    vocabulary: Path | None = None,
) -> LanguageModel:
    """Load the model that lies in a folder; its vocabulary lies in another one if that is named.

    Raises FileNotFoundError if a file is missing, ValueError for a model that cannot be computed
    here, and for a device that is not there.
    """
    device, config = chosen_device(device), read_json(folder / CONFIG_FILE)
    form = hugging_face if hugging_face.reads(config) else own
    transformer = form.load_transformer(folder, config, device)
    n_ids = transformer.config.vocab_size
    tokenizer = Tokenizer.from_file((vocabulary or folder) / TOKENIZER_FILE, n_ids)
    return LanguageModel(name, transformer, tokenizer, end_ids(config))


def end_ids(config: dict) -> list[int]:
    """The tokens with which a model ends a text: one, several or none in its `config.json`."""
    named = config.get("eos_token_id")
    listed = named if isinstance(named, list) else [named]
    return [token for token in listed if isinstance(token, int)]
