"""A pasted config.json: read as transformers reads it, told honestly, refused in one sentence."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from transformers.cache_utils import get_layer_types_and_kwargs
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from swa_viz.patterns import Causal, CentredWindow, Chunked, Pattern, SlidingWindow
from swa_viz.presets import PRESETS, from_config, read_preset
from swa_viz.presets.config_families import ALIASES, FAMILIES, config_facts
from swa_viz.presets.config_reader import parse_config

PACKAGE = Path(__file__).parent.parent / "swa_viz"
MIXED = ["full_attention", "sliding_attention", "sliding_attention"] * 4

# What each family's class is asked to be, beside what it is by itself.
VARIED = {
    "mistral": [
        {"sliding_window": None},
        {"sliding_window": 7, "num_hidden_layers": 3},
        {"head_dim": 64, "num_key_value_heads": 4},
    ],
    "ministral": [{"layer_types": MIXED, "num_hidden_layers": 12}, {"sliding_window": None}],
    "ministral3": [{"sliding_window": 512}],
    "llama": [{"num_key_value_heads": 4}, {"head_dim": 64}],
    "llama4_text": [
        {"num_hidden_layers": 9, "no_rope_layer_interval": 3},
        {"no_rope_layers": [1, 0, 0, 1], "num_hidden_layers": 4, "attention_chunk_size": 16},
    ],
    "qwen2": [
        {"use_sliding_window": True},
        {"use_sliding_window": True, "max_window_layers": 0, "sliding_window": 99},
        {"use_sliding_window": True, "max_window_layers": 32},
        {"use_sliding_window": True, "sliding_window": None},
    ],
    "qwen2_moe": [{"use_sliding_window": True, "max_window_layers": 7}],
    "qwen3": [{"use_sliding_window": True, "max_window_layers": 30}, {"head_dim": 96}],
    "qwen3_moe": [{"use_sliding_window": True}],
    "gemma2": [{"num_hidden_layers": 7}, {"layer_types": MIXED, "num_hidden_layers": 12}],
    "gemma3_text": [
        {"sliding_window_pattern": 3, "num_hidden_layers": 8, "sliding_window": 512},
        {"use_bidirectional_attention": True, "sliding_window": 513},
    ],
    "gemma3n_text": [{"num_hidden_layers": 12, "num_kv_shared_layers": 4}],
    "gemma4_text": [
        {
            **{"num_hidden_layers": 12, "num_kv_shared_layers": 5, "attention_k_eq_v": True},
            "num_global_key_value_heads": 1,
        },
        {"global_head_dim": 384, "num_global_key_value_heads": 1},
        {"use_bidirectional_attention": "all", "sliding_window": 64},
        {"use_bidirectional_attention": "vision"},
    ],
    "gpt_oss": [{"num_hidden_layers": 24}, {"sliding_window": 5}],
    "phi3": [{"sliding_window": 2047}],
    "olmo3": [{"num_hidden_layers": 6}, {"num_key_value_heads": 8}],
    "cohere2": [{"sliding_window_pattern": 2, "num_hidden_layers": 5}],
    "starcoder2": [{"sliding_window": 1000}],
    "exaone4": [
        {"layer_types": ["full_attention"] * 32, "sliding_window": None},
        {"sliding_window_pattern": 5},
        {"layer_types": MIXED, "num_hidden_layers": 12},
    ],
    "smollm3": [
        {"use_sliding_window": True, "sliding_window": 64},
        {"no_rope_layers": [1, 0] * 18, "use_sliding_window": True, "sliding_window": 64},
    ],
    "step3p5": [
        {
            **{"layer_types": MIXED, "num_hidden_layers": 12, "sliding_window": 512},
            "attention_other_setting": {"num_attention_heads": 96, "num_attention_groups": 8},
        }
    ],
    "mimo_v2_flash": [{"sliding_window_size": 64}, {"num_hidden_layers": 7}],
    "afmoe": [{"global_attn_every_n_layers": 3}, {"layer_types": MIXED, "num_hidden_layers": 12}],
    "granite_swa": [{"layer_rope_theta": [0, 10.0] * 12}],
    "gpt_neo": [
        {"attention_types": [[["global"], 2], [["local"], 1]], "num_layers": 3},
        {"window_size": 32},
    ],
    "modernbert": [{"global_attn_every_n_layers": 2, "local_attention": 8}],
    "longformer": [{"attention_window": [2, 4, 8] * 4}],
    "laguna": [
        {
            **{"layer_types": MIXED, "num_hidden_layers": 12},
            "num_attention_heads_per_layer": [64, 48, 48] * 4,
        }
    ],
    "muse_glimmer_text": [{"num_hidden_layers": 10}],
    "inkling_text": [{"local_layer_ids": [1, 2], "num_hidden_layers": 4}],
    "neomme": [{"num_hidden_layers": 8, "sliding_window": 100}],
    "flint": [{"num_hidden_layers": 10}],
}
MADE = [(kind, varied) for kind in FAMILIES for varied in [{}, *VARIED.get(kind, [])]]


def made_config(kind: str, varied: dict):
    """A config of transformers' own class."""
    return CONFIG_MAPPING[kind](**json.loads(json.dumps(varied)))


def as_file(config) -> dict:
    """The config as a file holds it."""
    return json.loads(json.dumps(config.to_dict()))


def named(entry: object) -> str:
    """How a test names a varied config."""
    return entry if isinstance(entry, str) else ",".join(entry)


def reading_of(config) -> list[Pattern]:
    """What transformers makes of its config, layer by layer."""
    kinds, _ = get_layer_types_and_kwargs(config)
    # A layer that borrows keys and values keeps its own kind of window.
    own = getattr(config, "layer_types", None) or kinds
    if config.model_type == "gpt_neo":
        own = [f"{kind}_attention" for kind in config.attention_layers]
    layers = config.per_layer_config
    if config.model_type == "longformer":
        sizes = config.attention_window
        sizes = sizes if isinstance(sizes, list) else [sizes] * config.num_hidden_layers
        return [CentredWindow(size // 2) for size in sizes]
    return [read_as(kind, layer) for kind, layer in zip(own, layers, strict=True)]


def read_as(kind: str, config) -> Pattern:
    """One layer, by transformers' word for it and its own config."""
    both_ways = getattr(config, "use_bidirectional_attention", None) in (True, "all")
    if kind == "chunked_attention":
        return Chunked(config.attention_chunk_size)
    is_sliding = kind in ("sliding_attention", "hybrid_sliding", "local_attention")
    name = "window_size" if config.model_type == "gpt_neo" else "sliding_window"
    window = getattr(config, name) if is_sliding else None
    if both_ways or config.model_type in ("modernbert", "neomme", "embedding_gemma2_text"):
        # Gemma's overlay is |age| < window, with a window that its class has halved.
        radius = config.max_position_embeddings if window is None else window - both_ways
        return CentredWindow(radius)
    return SlidingWindow(window) if is_sliding else Causal()


@pytest.mark.parametrize(("kind", "varied"), MADE, ids=named)
def test_every_layer_reads_what_transformers_says(kind, varied):
    config = made_config(kind, varied)
    preset = from_config(as_file(config))
    assert list(preset.layer_schedule) == reading_of(config)
    for layer, heads in zip(config.per_layer_config, preset.heads, strict=True):
        if kind in ("inkling_text", "laguna", "mimo_v2_flash"):  # their models count otherwise
            break
        assert heads.n_heads == layer.num_attention_heads
        kv_heads = getattr(layer, "num_key_value_heads", None) or layer.num_attention_heads
        assert heads.n_kv_heads == kv_heads
        size = getattr(layer, "head_dim", None) or config.hidden_size // config.num_attention_heads
        assert heads.head_dim == size
    shared = [mode == "reuse" for mode in getattr(config, "kv_sharing_modes", [])]
    assert list(preset.shared_kv_layers) == [layer for layer, is_one in enumerate(shared) if is_one]


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_family_takes_what_its_class_takes(kind):
    family, config = FAMILIES[kind], CONFIG_MAPPING[kind]()
    of_files = {"add_swa_attention_sink_bias", "global_head_dim", "num_global_key_value_heads"}
    theirs = {ours: name for name, ours in family.get("names", {}).items()}
    filled = {field.name: field.default for field in fields(type(config))}
    assert ("layer_types" not in filled) == family.get("ignores_layer_types", False)
    for key, value in family["defaults"].items():
        if key not in of_files:
            own = key if key in filled else theirs[key]
            assert value == filled[own], key


def sized(layers: int, heads: int, kv_heads: int | None, size: int | None, context: int | None):
    """The plain keys of a config."""
    said = {
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "head_dim": size,
        "max_position_embeddings": context,
        "hidden_size": heads * (size or 128),
    }
    return {key: value for key, value in said.items() if value is not None}


TIMES = [["sliding_attention"] * 3 + ["full_attention"]]
LLLG = TIMES[0]
GLLL = ["full_attention", *["sliding_attention"] * 3]
# What stands in the files of known models, as far as it matters here.
KNOWN = {
    "mistral-7b-v0.1": {
        **sized(32, 32, 8, None, 32_768),
        **{"model_type": "mistral", "sliding_window": 4096},
    },
    "mistral-7b-v0.2": {
        **sized(32, 32, 8, None, 32_768),
        **{"model_type": "mistral", "sliding_window": None},
    },
    "phi-3-mini-4k": {
        **sized(32, 32, 32, None, 4096),
        **{"model_type": "phi3", "sliding_window": 2047, "hidden_size": 3072},
    },
    "qwen2-7b": {
        **sized(32, 32, 32, None, 32_768),
        **{"model_type": "qwen2", "use_sliding_window": False, "sliding_window": 4096},
        "max_window_layers": 28,
    },
    "gemma-2-2b": {
        **sized(26, 8, 4, 256, 8192),
        **{"model_type": "gemma2", "sliding_window": 4096},
    },
    "gemma-3-1b": {
        **sized(26, 4, 1, 256, 32_768),
        **{"model_type": "gemma3_text", "sliding_window": 512, "sliding_window_pattern": 6},
    },
    "gemma-3-4b": {
        "model_type": "gemma3",
        "text_config": {
            **{"hidden_size": 2560, "model_type": "gemma3_text", "num_hidden_layers": 34},
            "sliding_window": 1024,
        },
        "vision_config": {"model_type": "siglip_vision_model", "num_hidden_layers": 27},
    },
    "gemma-4-e2b": {
        "model_type": "gemma4",
        "text_config": {
            **sized(35, 8, 1, 256, 131_072),
            **{"model_type": "gemma4_text", "global_head_dim": 512, "sliding_window": 512},
            **{"num_kv_shared_layers": 20, "attention_k_eq_v": False},
            "layer_types": (["sliding_attention"] * 4 + ["full_attention"]) * 7,
        },
    },
    "gemma-4-12b": {
        "model_type": "gemma4_unified",
        "text_config": {
            **sized(48, 16, 8, 256, 262_144),
            **{"global_head_dim": 512, "sliding_window": 1024, "attention_k_eq_v": True},
            "num_global_key_value_heads": 1,
        },
    },
    "gpt-oss-20b": {
        **sized(24, 64, 8, 64, 131_072),
        **{"model_type": "gpt_oss", "sliding_window": 128},
        "layer_types": ["sliding_attention", "full_attention"] * 12,
    },
    "olmo-3-7b": {
        **sized(32, 32, 32, None, 65_536),
        **{"model_type": "olmo3", "sliding_window": 4096, "layer_types": LLLG * 8},
    },
    "command-r7b": {
        **sized(32, 32, 8, None, 8192),
        **{"model_type": "cohere2", "sliding_window": 4096, "sliding_window_pattern": 4},
    },
    "exaone-4.0-32b": {
        **sized(64, 40, 8, 128, None),
        **{"model_type": "exaone4", "sliding_window": 4096, "sliding_window_pattern": "LLLG"},
        "max_position_embeddings": None,
    },
    "llama-4-scout": {
        "model_type": "llama4",
        "text_config": {
            **sized(48, 40, 8, 128, None),
            **{"model_type": "llama4_text", "attention_chunk_size": 8192, "no_rope_layers": []},
            "max_position_embeddings": None,
        },
    },
    "mimo-v2-flash": {
        **sized(48, 64, 4, 192, 262_144),
        **{"model_type": "mimo_v2_flash", "sliding_window": 128, "sliding_window_size": 128},
        **{"swa_num_attention_heads": 64, "swa_num_key_value_heads": 8, "swa_head_dim": 192},
        **{"v_head_dim": 128, "swa_v_head_dim": 128, "add_swa_attention_sink_bias": True},
        "hybrid_layer_pattern": [0, *([1, 1, 1, 1, 0] + [1, 1, 1, 1, 1, 0] * 7)],
    },
    "step-3.5-flash": {
        **sized(45, 64, None, 128, None),
        **{"model_type": "step3p5", "num_attention_groups": 8, "sliding_window": 512},
        **{"layer_types": GLLL * 12, "max_position_embeddings": None},
        "attention_other_setting": {
            **{"attention_type": "sliding_attention", "num_attention_heads": 96},
            **{"num_attention_groups": 8, "head_dim": 128, "true_head_dim": 128},
        },
    },
    "trinity-mini": {
        **sized(32, 32, 4, 128, 131_072),
        **{"model_type": "afmoe", "sliding_window": 2048, "global_attn_every_n_layers": 4},
    },
    "cwm": {
        **sized(64, 48, 8, 128, 131_072),
        **{"model_type": "cwm", "sliding_window": 8192, "layer_types": GLLL * 16},
    },
    "granite-swash-2b": {
        **sized(24, 20, 4, None, 8192),
        **{"model_type": "granite_swa", "sliding_window": 128},
    },
    "tinystories-33m": {
        **{"model_type": "gpt_neo", "num_layers": 4, "num_heads": 16, "hidden_size": 768},
        **{"max_position_embeddings": 2048, "window_size": 256},
        "attention_types": [[["global", "local"], 2]],
    },
    "modernbert-base": {
        **sized(22, 12, None, None, 8192),
        **{"model_type": "modernbert", "hidden_size": 768, "local_attention": 128},
        "global_attn_every_n_layers": 3,
    },
    "longformer-base": {
        **sized(12, 12, None, None, 4098),
        **{"model_type": "longformer", "hidden_size": 768, "attention_window": [512] * 12},
    },
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_file_of_a_known_model_is_its_preset(name):
    preset, known = from_config(KNOWN[name]), PRESETS[name]
    assert preset.layer_schedule == known.layer_schedule
    assert preset.heads == known.heads
    for field in (
        *("n_heads", "n_kv_heads", "head_dim", "context_length", "shared_kv_layers"),
        *("key_is_value_layers", "nope_layers", "sink_logits"),
    ):
        assert getattr(preset, field) == getattr(known, field), field


def test_nanochat_takes_its_window_from_the_context():
    config = {"model_config": {"sequence_len": 2048, "n_layer": 7, "n_head": 6, "n_embd": 768}}
    config["model_config"] |= {"window_pattern": "SSSL", "n_kv_head": 6}
    layers = from_config(config).layer_schedule
    assert layers == (*[SlidingWindow(513)] * 3, Causal(), *[SlidingWindow(513)] * 2, Causal())


PLAIN = {**sized(4, 8, 2, 16, 512), "model_type": "qwen2"}
LAYERS = ["sliding_attention", "full_attention", "sliding_attention", "sliding_attention"]
TOLD = {
    "declared and not used": (
        {**PLAIN, "use_sliding_window": False, "sliding_window": 64},
        "sliding_window is 64, but use_sliding_window is false: no layer has a window.",
    ),
    "in a family without": (
        {**PLAIN, "model_type": "llama", "sliding_window": 64},
        "sliding_window is 64, but this family has no sliding layers unless layer_types names",
    ),
    "only by the class": (
        {**PLAIN, "model_type": "afmoe"},
        "The file does not say sliding_window: the class in transformers takes 1024",
    ),
    "longer than the layers": (
        {**PLAIN, "layer_types": LAYERS * 2, "sliding_window": 64},
        "layer_types is a list of 8 entries, but there are 4 layers: the first 4 are read",
    ),
    "an older key says otherwise": (
        {
            **PLAIN,
            **{"model_type": "gemma3_text", "layer_types": LAYERS, "sliding_window": 64},
            "sliding_window_pattern": 4,
        },
        "sliding_window_pattern says otherwise than layer_types, which wins.",
    ),
    "a key that nobody reads": (
        {**PLAIN, "hybrid_layer_pattern": [1, 1, 0, 0]},
        "hybrid_layer_pattern is in the file, but this family's own code does not read it.",
    ),
    "switched off beside a list": (
        {**PLAIN, "layer_types": LAYERS, "use_sliding_window": False, "sliding_window": 64},
        "use_sliding_window is false, but layer_types names layers that slide, and it wins.",
    ),
    "wider than the context": (
        {**PLAIN, "model_type": "mistral", "sliding_window": 4096},
        "The narrowest window has 4096 keys and the context 512 tokens",
    ),
    "the last layer": (
        {**PLAIN, "model_type": "gemma4_text", "layer_types": LAYERS, "sliding_window": 8},
        "The last layer is named as one that slides, but this family makes it full.",
    ),
    "a list that the class ignores": (
        {**PLAIN, "model_type": "mistral", "layer_types": LAYERS, "sliding_window": 8},
        "layer_types is believed here, but this family's class in transformers does not read it.",
    ),
    "one key more elsewhere": (
        {**PLAIN, "model_type": "phi3", "sliding_window": 63},
        "some read one key more than the number in the file",
    ),
}


@pytest.mark.parametrize("trap", TOLD)
def test_a_trap_is_told(trap):
    config, sentence = TOLD[trap]
    reading = read_preset(config)
    assert [told for told in reading.warnings if sentence in told]
    assert reading.preset.notes == reading.warnings


def test_a_reading_says_which_keys_decided():
    reading = read_preset(KNOWN["olmo-3-7b"])
    said = {key: (value, means) for key, value, means in reading.decided}
    layers = "24 × sliding window (4096), 8 × full attention"
    assert said["layer_types"] == ("a list of 32 entries", layers)
    assert said["sliding_window"] == ("4096", "the window of the layers that slide")
    assert (reading.family, reading.window, reading.convention) == ("olmo3", 4096, "transformers")
    assert reading.warnings == ()
    silent = {each[0]: each[1:] for each in read_preset({**PLAIN, "model_type": "gemma2"}).decided}
    assert silent["layer_types"][0] == "not in the file"
    window = ("not in the file, taken as 4096", "the window of the layers that slide")
    assert silent["sliding_window"] == window
    mimo = {each[0]: each[2] for each in read_preset(KNOWN["mimo-v2-flash"]).decided}
    assert mimo["num_attention_heads"] == "query heads in every layer"
    assert mimo["num_key_value_heads"] == "heads of keys and values in the other layers"
    assert mimo["swa_num_key_value_heads"] == "heads of keys and values in the sliding layers"
    assert mimo["add_swa_attention_sink_bias"] == "heads have a sink logit"


def test_a_window_of_null_is_what_decided():
    decided = read_preset(KNOWN["mistral-7b-v0.2"]).decided
    assert decided[1] == ("sliding_window", "null", "no layer has a window")


def test_layer_types_win():
    config = {**PLAIN, "layer_types": LAYERS, "sliding_window": 64, "max_window_layers": 99}
    expected = [SlidingWindow(64) if "sliding" in kind else Causal() for kind in LAYERS]
    assert list(from_config(config).layer_schedule) == expected


def deep(levels: int) -> str:
    """A file that is nested deeply."""
    return '{"model_type": "llama", "text_config": ' + "[" * levels + "]" * levels + "}"


def changed(**keys) -> str:
    """A plain file with other values."""
    return json.dumps({**PLAIN, "sliding_window": 64, "layer_types": LAYERS, **keys})


def without(key: str) -> str:
    """A plain file that lacks a key."""
    return json.dumps({name: value for name, value in PLAIN.items() if name != key})


REFUSED = {
    "no JSON": ("{'model_type': 'llama'}", "not whole JSON"),
    "half a file": (changed()[:-40], "not whole JSON"),
    "nothing": ("", "not whole JSON"),
    "NaN": ('{"model_type": "mistral", "num_hidden_layers": NaN}', "not whole JSON"),
    "a list": ("[]", "must hold an object, but it is a list of 0 entries"),
    "a number": ("7", "must hold an object, but it is 7"),
    "null": ("null", "must hold an object, but it is null"),
    "an empty object": ("{}", "does not say model_type"),
    "an unknown family": (
        changed(model_type="rwkv"),
        'the family "rwkv" cannot be read here; those',
    ),
    "a family of objects": (changed(model_type="constructor"), 'the family "constructor" cannot'),
    "a hostile family": (changed(model_type="<b>\u202e\ud800" * 99), "cannot be read here"),
    "a family that is no text": (changed(model_type=["llama"]), "family a list of 1 entry cannot"),
    "no layers": (without("num_hidden_layers"), "does not say num_hidden_layers"),
    "no heads": (without("num_attention_heads"), "does not say num_attention_heads"),
    "a thousand million layers": (changed(num_hidden_layers=10**9), "from 1 to 1,000, but it is"),
    "a giant number": (changed(num_hidden_layers=10**400), "a number that is too large"),
    "a giant float": ('{"model_type": "llama", "num_hidden_layers": 1e999}', "too large"),
    "half a layer": (changed(num_hidden_layers=2.5), "a number with a fraction"),
    "no layer": (changed(num_hidden_layers=0), "but it is 0"),
    "true layers": (changed(num_hidden_layers=True), "but it is true"),
    "a text for heads": (changed(num_attention_heads="eight"), 'but it is "eight"'),
    "null heads": (changed(num_attention_heads=None), "num_attention_heads"),
    "odd heads": (changed(num_key_value_heads=3), "8 query heads cannot share 3 heads"),
    "more heads than numbers": (
        json.dumps({**PLAIN, "model_type": "llama", "head_dim": None, "hidden_size": 4}),
        "smaller than the number of heads",
    ),
    "a window of text": (changed(sliding_window="wide"), "sliding_window must be a whole number"),
    "a window of 0": (changed(sliding_window=0), "from 1 to 2,147,483,646, but it is 0"),
    "a window of -1": (changed(sliding_window=-1), "but it is -1"),
    "a negative window": (changed(sliding_window=-7), "but it is -7"),
    "a giant window": (changed(sliding_window=10**12), "but it is 1000000000000"),
    "no window for layers that slide": (changed(sliding_window=None), "layers slide here, but"),
    "too few layer types": (
        changed(layer_types=LAYERS[:2]),
        "a list of 2 entries, but there are 4",
    ),
    "layer types in a text": (changed(layer_types="LLLG"), 'must be a list, but it is "LLLG"'),
    "an unknown layer type": (
        changed(layer_types=["linear_attention"] * 4),
        'layer_types says "linear_attention" for layer 0',
    ),
    "a layer type of objects": (changed(layer_types=["toString"] * 4), "known are full_attention"),
    "a layer type that is a list": (changed(layer_types=[[]] * 4), "says a list of 0 entries for"),
    "a switch that is a text": (changed(use_sliding_window="no"), "must be true or false"),
    "a configuration by layer as a list": (
        changed(per_layer_config=[]),
        "per_layer_config must be",
    ),
    "a layer that is not there": (changed(per_layer_config={"4": {}}), "per_layer_config must be"),
    "more configurations than layers": (
        changed(per_layer_config={f"{i:09}": {} for i in range(99_999)}),
        "per_layer_config must be",
    ),
    "shared by all": (changed(num_kv_shared_layers=4), "leaves no layer that stores"),
    "both ways in an unknown sense": (
        changed(use_bidirectional_attention=True),
        "is true, and what",
    ),
    "compressed keys": (changed(compress_rates={"csa": 4}), "compress_rates says"),
    "groups without end": (
        changed(model_type="gpt_neo", layer_types=None, attention_types=[[["global"], 10**9]]),
        "a number of attention_types must be a whole number from 0 to 4",
    ),
    "groups of another form": (
        changed(model_type="gpt_neo", layer_types=None, attention_types=[["global"]]),
        "attention_types must be a list of [kinds, times] that makes 4 layers",
    ),
    "letters that mean nothing": (
        changed(model_type="exaone4", layer_types=None, sliding_window_pattern="LLXG"),
        "must be spelt with L and G",
    ),
    "a pattern of zero": (
        changed(model_type="exaone4", layer_types=None, sliding_window_pattern=0),
        "sliding_window_pattern must be a whole number from 1",
    ),
    "an odd window in two halves": (
        changed(model_type="longformer", layer_types=None, sliding_window=None, attention_window=7),
        "attention_window is split in two, so it must be even, but it is 7",
    ),
    "nested too deeply": (deep(100), "nested too deeply"),
    "nested without end": (deep(100_000), "nested too deeply"),
    "too long": (json.dumps({**PLAIN, "x": "x" * 4_000_000}), "longer than 4,000,000 characters"),
}


@pytest.mark.parametrize("broken", REFUSED)
def test_a_broken_file_is_refused_in_one_sentence(broken):
    text, sentence = REFUSED[broken]
    start = time.thread_time()
    with pytest.raises(ValueError) as caught:
        read_preset(parse_config(text))
    assert time.thread_time() - start < 1
    said = str(caught.value)
    assert sentence in said and len(said) < 900 and "\n" not in said
    assert all(" " <= letter <= "~" or letter == "…" for letter in said)


def test_a_long_file_is_read_at_once():
    text = json.dumps({**PLAIN, "id2label": {str(i): "label" for i in range(60_000)}})
    assert len(text) > 1_000_000
    start = time.thread_time()
    assert from_config(parse_config(text)).n_layers == 4
    assert time.thread_time() - start < 1


def test_a_python_object_of_any_kind_is_refused():
    itself: dict = {"model_type": "llama"}
    itself["text_config"] = itself
    for config in (None, 7, [], "x", {1: 2}, {"model_type": object()}, itself):
        with pytest.raises(ValueError):
            from_config(config)


IN_JAVASCRIPT = """
import { readdirSync, readFileSync } from "node:fs";
import { parseConfig, readPreset } from "./presets/config_reader.js";
const patterns = readdirSync("patterns").filter((file) => file.endsWith(".js"));
for (const file of patterns) await import(`./patterns/${file}`);
const { facts, texts } = JSON.parse(readFileSync(0, "utf8"));
const answers = texts.map((text) => {
  try {
    return readPreset(parseConfig(text), facts);
  } catch (error) {
    return `${error.message}`;
  }
});
console.log(JSON.stringify(answers));
"""


def plain_reading(make: Callable[[], object]) -> dict | str:
    """What Python reads, as plain data, or the sentence that refuses it."""
    try:
        reading = read_preset(make())
    except ValueError as error:
        return str(error)
    plain = {field.name: getattr(reading, field.name) for field in fields(reading)}
    decided = [each._asdict() for each in reading.decided]
    plain |= {"preset": reading.preset.to_plain(), "decided": decided}
    return json.loads(json.dumps(plain))


def test_javascript_reads_every_file_the_same():
    made = [json.dumps(as_file(made_config(kind, varied))) for kind, varied in MADE]
    known = [json.dumps(config) for config in KNOWN.values()]
    traps = [json.dumps(config) for config, _ in TOLD.values()]
    aliased = [json.dumps({**PLAIN, "model_type": alias}) for alias in ALIASES]
    texts = [*made, *known, *traps, *aliased, *(text for text, _ in REFUSED.values())]
    found = subprocess.run(
        ["node", "--input-type=module", "--eval", IN_JAVASCRIPT],
        input=json.dumps({"facts": config_facts(), "texts": texts}),
        **{"cwd": PACKAGE, "capture_output": True, "text": True, "check": True},
    )
    for text, answer in zip(texts, json.loads(found.stdout), strict=True):
        assert answer == plain_reading(lambda text=text: parse_config(text)), text[:2000]
