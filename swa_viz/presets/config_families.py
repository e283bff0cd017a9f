"""Whose config is it?  The families of models, as data, and how a file names its own.

`config_families.json` holds them, for Python and JavaScript alike: what a family is called, its
rule for which layers slide, and what its class in transformers takes where a file is silent.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from swa_viz.patterns import CONVENTIONS
from swa_viz.presets.config_layers import Family
from swa_viz.presets.config_values import Config, spoken
from swa_viz.presets.config_windows import is_nothing

FAMILIES: dict[str, Family] = json.loads(
    Path(__file__).with_name("config_families.json").read_text("utf-8")
)
ALIASES = {
    alias: kind for kind, family in FAMILIES.items() for alias in [kind, *family.get("aliases", [])]
}
COMPRESSED = "compress_rates"
ARCHITECTURE = "general.architecture"
# What llama.cpp calls the keys of a config, after the name of the architecture.
GGUF_KEYS = {
    "block_count": "num_hidden_layers",
    "context_length": "max_position_embeddings",
    "embedding_length": "hidden_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.key_length": "head_dim",
    "attention.value_length": "v_head_dim",
    "attention.key_length_swa": "swa_head_dim",
    "attention.value_length_swa": "swa_v_head_dim",
    "attention.sliding_window": "sliding_window",
    "attention.sliding_window_pattern": "sliding_window_pattern",
    "attention.shared_kv_layers": "num_kv_shared_layers",
}


def read_gguf_family(config: Config) -> tuple[str, Family]:
    """The family of a GGUF file's header, in which other keys say the same.

    Raises ValueError, naming the architectures that are known, for any other.
    """
    architecture = config[ARCHITECTURE]
    found = {family["gguf"]: kind for kind, family in FAMILIES.items() if "gguf" in family}
    if not isinstance(architecture, str) or architecture not in found:
        message = f"GGUF files of the architecture {spoken(architecture)} cannot be read here"
        raise ValueError(f"{message}; those of {', '.join(sorted(found))} can")
    names = {f"{architecture}.{theirs}": ours for theirs, ours in GGUF_KEYS.items()}
    has_window = not is_nothing(config.get(f"{architecture}.attention.sliding_window"))
    # llama.cpp knows OLMo 3 as an OLMo 2 with windows.
    kind = "olmo2" if found[architecture] == "olmo3" and not has_window else found[architecture]
    own = {"names": names, "reads": ["sliding_window_pattern"], "convention": "llama_cpp"}
    defaults = FAMILIES[kind]["defaults"]
    own["defaults"] = {key: defaults[key] for key in defaults if "global" not in key}
    plain = {"kinds": {}, "window_before": {}, "sliding_kv_factor": None}
    return kind, {**FAMILIES[kind], **own, **plain}


def without_zero_windows(config: Config) -> Config:
    """A GGUF file's header, in which a window of 0 means none, with null for it."""
    is_zero = {key: key.endswith(".sliding_window") and is_nothing(config[key]) for key in config}
    return {key: None if is_zero[key] else value for key, value in config.items()}


def read_family(config: object) -> tuple[str, Family, Config]:
    """The family, and the part of the file that describes the language model.

    Raises ValueError, naming the families that are known, for any other.
    """
    if not isinstance(config, Mapping):
        raise ValueError(f"config.json must hold an object, but it is {spoken(config)}")
    if ARCHITECTURE in config:
        return *read_gguf_family(config), without_zero_windows(config)
    nested = next((config[key] for key in ("text_config", "model_config") if key in config), None)
    text = nested if isinstance(nested, Mapping) else config
    kind = text.get("model_type", config.get("model_type"))
    if kind is None and "window_pattern" in text:
        kind = "nanochat"
    if text.get(COMPRESSED) is not None:
        raise ValueError(
            f"{COMPRESSED} says that layers read compressed keys beside their window, and no "
            "pattern of this lab states that"
        )
    if kind is None:
        raise ValueError("the file does not say model_type, so its family is not known")
    if not isinstance(kind, str) or kind not in ALIASES:
        known = ", ".join(sorted(FAMILIES))
        message = f"models of the family {spoken(kind)} cannot be read here"
        raise ValueError(f"{message}; those of {known} can")
    return ALIASES[kind], FAMILIES[ALIASES[kind]], text


def config_facts() -> dict:
    """What the reader knows, as plain data: its twin in the browser reads by the same."""
    return {
        "families": FAMILIES,
        "gguf_keys": GGUF_KEYS,
        "conventions": {name: asdict(entry) for name, entry in CONVENTIONS.items()},
    }
