"""Read a model that lies in a folder as Hugging Face's transformers writes it.

That is `config.json`, `tokenizer.json` and the numbers in safetensors, in one file or several.
Files of the pickle format are never opened: they can run code.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from swa_viz.models.config import TransformerConfig
from swa_viz.models.filling import fill, unfilled_transformer
from swa_viz.models.formats.config_json import Reading, read_config, read_family
from swa_viz.models.formats.families import Family
from swa_viz.models.transformer import Transformer
from swa_viz.shapes import Tensor

# Numbers in old files that can be computed again: masks and frequencies.
NO_WEIGHTS = ("rotary_emb.inv_freq", ".attention.bias", ".attention.masked_bias", ".attn.bias")
HEAD = "lm_head.weight"
INDEX, SINGLE = "model.safetensors.index.json", "model.safetensors"


def reads(config: Mapping) -> bool:
    """Is this `config.json` written as transformers writes it?"""
    return "model_type" in config or "architectures" in config


def files_by_tensor(folder: Path) -> dict[str, Path]:
    """In which file each tensor lies.

    Raises FileNotFoundError if a file is missing, ValueError for a file that is no safetensors.
    """
    index = folder / INDEX
    if index.exists():
        listed = json.loads(index.read_text("utf-8"))["weight_map"].values()
        # Only names: an index may not lead out of its folder.
        files = sorted({folder / Path(name).name for name in listed})
    else:
        files = [folder / SINGLE]
    found = {}
    for file in files:
        if not file.exists():
            message = f"{file.name} is missing in {folder}: models are read from safetensors only"
            raise FileNotFoundError(message)
        try:
            with safe_open(file, framework="pt") as tensors:
                found.update(dict.fromkeys(tensors.keys(), file))
        except SafetensorError as error:
            raise ValueError(f"{file.name} is no whole safetensors file: {error}") from error
    return found


def prefix_of(names: Mapping[str, Path], family: Family) -> str:
    """What stands before all names of the language model: "model." or "transformer.", or more.

    Raises ValueError if there are no embeddings.
    """
    end = f"{family.names['embedding']}.weight"
    for name in names:
        if name == end or name.endswith(f".{end}"):
            return name.removesuffix(end)
    raise ValueError(f"the file holds no {end}: it is no language model of this family")


def biases_in(names: Mapping[str, Path], prefix: str, family: Family) -> list[str]:
    """The linear maps that have a bias in the first layer, by our names."""
    return [
        ours.rsplit(".")[-1]
        for ours, theirs in family.names.items()
        if f"{prefix}{theirs.format(0)}.bias" in names
    ]


def tensor_names(config: TransformerConfig, family: Family, prefix: str) -> dict[str, str]:
    """Our name of each parameter, and theirs; several layers have the same with other numbers."""
    pairs = {}
    for ours, theirs in family.names.items():
        for part in ("weight", "bias"):
            pairs[f"{ours}.{part}"] = f"{prefix}{theirs}.{part}"
    pairs |= {ours: f"{prefix}{theirs}" for ours, theirs in family.loose.items()}
    return {
        ours.replace("{}", str(i)): theirs.replace("{}", str(i))
        for ours, theirs in pairs.items()
        for i in (range(config.n_layers) if "{}" in ours else (0,))
    }


def transformed(name: str, tensor: Tensor, reading: Reading) -> Tensor:
    """The numbers as our blocks use them, in float32."""
    tensor = tensor.to(torch.float32)
    if "norm" in name and reading.family.norm_offset:
        tensor = tensor + reading.family.norm_offset
    scaled = "query_norm" if reading.config.style.query_key_norm else "query"
    if name.rsplit(".", 2)[-2] != scaled:
        return tensor
    factor = reading.query_factors[int(name.split(".")[1])]
    return tensor if factor == 1 else tensor * factor


def check_names(names: Mapping[str, str], files: Mapping[str, Path], prefix: str) -> None:
    """Raise ValueError where the file lacks a tensor, or holds one of a layer that nobody uses.

    A model that is computed without some of its numbers is another model.
    """
    missing = [name for name in names.values() if name not in files]
    if missing:
        more = f" and {len(missing) - 1} more" * (len(missing) > 1)
        raise ValueError(f"the file holds no {missing[0]}{more}, which config.json asks for")
    for name in files.keys() - set(names.values()):
        if name.startswith(prefix) and not name.endswith(NO_WEIGHTS) and name != HEAD:
            raise ValueError(f"the file holds {name}, of which nothing is known here")


def load_transformer(folder: Path, sent: Mapping, device: torch.device) -> Transformer:
    """The model of a folder whose `config.json` is `sent`, computing in float32.

    Raises FileNotFoundError if a file is missing, ValueError for what cannot be computed here.
    """
    files, (_, family) = files_by_tensor(folder), read_family(sent)
    prefix = prefix_of(files, family)
    reading = read_config(sent, biases_in(files, prefix, family))
    head = next((name for name in files if name.endswith(HEAD)), None)
    config = reading.config if head else replace(reading.config, tied_embeddings=True)
    transformer = unfilled_transformer(config)
    known = tensor_names(config, family, prefix) | {"unembedding.weight": head}
    names = {ours: known[ours] for ours in transformer.state_dict()}
    check_names(names, files, prefix)

    def read(ours: str) -> Tensor:
        with safe_open(files[names[ours]], framework="pt") as tensors:
            return transformed(ours, tensors.get_tensor(names[ours]), reading)

    return fill(transformer, {ours: partial(read, ours) for ours in names}, device)
