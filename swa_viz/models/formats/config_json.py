"""Read a model's `config.json` as transformers means it: sizes, windows and positions by layer."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from swa_viz.models.config import BlockStyle, Experts, TransformerConfig
from swa_viz.models.formats.families import FAMILIES, Family
from swa_viz.models.formats.rope_json import (
    FULL,
    SLIDING,
    Config,
    by_layer,
    layer_ropes,
    layers_with_rope,
    number,
)

ACTIVATIONS = {
    "silu": "silu",
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
}
# GPT-Neo's names for what the others call otherwise.
RENAMED = {
    "num_layers": "num_hidden_layers",
    "num_heads": "num_attention_heads",
    "window_size": "sliding_window",
    "layer_norm_epsilon": "rms_norm_eps",
}
# Keys that change what a model computes in ways that are not built here.
NOT_BUILT = {
    "quantization_config": "its numbers are quantised",
    "use_bidirectional_attention": "it reads in both directions",
    "partial_rotary_factor": "its positions turn only a part of each head",
}


def read_family(config: Config) -> tuple[Config, Family]:
    """The part of the file that describes the language model, filled up, and its family.

    Raises ValueError, naming the families that are known, for any other.
    """
    nested = config.get("text_config")
    text = dict(nested) if isinstance(nested, Mapping) else dict(config)
    kind = text.get("model_type", config.get("model_type"))
    if kind not in FAMILIES:
        known = ", ".join(sorted(FAMILIES))
        raise ValueError(f"models of the family {kind!r} cannot be read here; those of {known} can")
    for key, reason in NOT_BUILT.items():
        if text.get(key, config.get(key)) not in (None, False, 1, 1.0):
            raise ValueError(f"this model cannot be computed here, because {reason} ({key})")
    family = FAMILIES[kind]
    return {**family.defaults, **text}, family


def needed(config: Config, key: str) -> int:
    """A number that the file must hold.  Raises ValueError if it does not."""
    value = config.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"config.json must say {key} as a whole number, but it says {value!r}")
    return value


def local_layers(attention_types: object, n_layers: int) -> list[bool]:
    """GPT-Neo's list of [kinds, times]: which layers are local.

    >>> local_layers([[["global", "local"], 2]], 4)
    [False, True, False, True]

    Raises ValueError for another form, and for another number of layers.
    """
    try:
        kinds = [kind for group, times in attention_types for kind in list(group) * times]
    except (TypeError, ValueError) as error:
        raise ValueError(f"attention_types must be a list of [kinds, times]: {error}") from error
    if len(kinds) != n_layers:
        raise ValueError(f"attention_types has {len(kinds)} entries for {n_layers} layers")
    return [kind == "local" for kind in kinds]


def pattern_of(config: Config, family: Family, n_layers: int, has_rope: list[bool]) -> list[bool]:
    """Which layers slide, where `layer_types` does not say it."""
    layers = range(n_layers)
    if "attention_types" in config:
        return local_layers(config["attention_types"], n_layers)
    return {
        "none": lambda: [False for _ in layers],
        "all": lambda: [True for _ in layers],
        "last": lambda: [i >= number(config, "max_window_layers") for i in layers],
        "even": lambda: [i % 2 == 0 for i in layers],
        "pattern": lambda: [(i + 1) % number(config, "sliding_window_pattern") > 0 for i in layers],
        "no_rope": lambda: [not has_rope[i] for i in layers],
    }[family.sliding]()


def sliding_layers(
    config: Config, family: Family, n_layers: int, has_rope: list[bool]
) -> list[bool]:
    """Which layers slide: `layer_types` wins over everything older.

    Raises ValueError for a list that is too short, and for a kind that is not built.
    """
    kinds = by_layer(config, "layer_types", n_layers)
    if kinds is None:
        return pattern_of(config, family, n_layers, has_rope)
    for kind in kinds:
        if kind not in (SLIDING, FULL):
            message = f"layers of the type {kind!r} cannot be computed here; {SLIDING} and {FULL}"
            raise ValueError(f"{message} can")
    return [kind == SLIDING for kind in kinds]


@dataclass(frozen=True)
class Reading:
    """What config.json says: the sizes, the family, and a factor for all queries.

    The factor holds what differs from scores divided by the square root of `head_dim`.
    """

    config: TransformerConfig
    family: Family
    query_factor: float


def read_style(config: Config, family: Family, biases: Collection[str]) -> BlockStyle:
    """The family's style, with this model's own activation, caps and biases.

    Raises ValueError for an activation that is not built.
    """
    keys = "hidden_activation", "activation_function", "hidden_act"
    name = next(config[key] for key in keys if key in config)
    if name not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise ValueError(f"the activation {name!r} cannot be computed here; {known} can")
    return replace(
        family.style,
        activation=ACTIVATIONS[name],
        biases=frozenset(biases),
        score_cap=number(config, "attn_logit_softcapping", 0) or None,
        logit_cap=number(config, "final_logit_softcapping", 0) or None,
    )


def read_experts(config: Config) -> Experts | None:
    """The mixture of experts, if there is one."""
    if "num_local_experts" not in config:
        return None
    numbers = needed(config, "num_local_experts"), needed(config, "num_experts_per_tok")
    return Experts(
        *numbers, gain=number(config, "swiglu_alpha"), limit=number(config, "swiglu_limit")
    )


def read_config(sent: Config, biases: Collection[str] = ()) -> Reading:
    """Read the whole file; `biases` are the linear maps that have one, by our names.

    Raises ValueError, with one sentence, for what is missing and what cannot be computed here.
    """
    config, family = read_family(sent)
    config = {RENAMED.get(key, key): value for key, value in config.items()}
    n_layers, n_heads = (needed(config, f"num_{k}") for k in ("hidden_layers", "attention_heads"))
    d_model = needed(config, "hidden_size")
    head_dim = config.get("head_dim") or d_model // n_heads
    has_rope = layers_with_rope(config, n_layers)
    slides = sliding_layers(config, family, n_layers, has_rope)
    window = None if config.get("use_sliding_window") is False else config["sliding_window"]
    ropes, factor = layer_ropes(config, slides, has_rope)
    learned = config["max_position_embeddings"] if "positions" in family.names else None
    gemma = family.norm_offset != 0
    transformer = TransformerConfig(
        vocab_size=needed(config, "vocab_size"),
        d_model=d_model,
        n_layers=n_layers,
        n_heads=n_heads,
        n_kv_heads=config.get("num_key_value_heads") or n_heads,
        d_ff=config.get("intermediate_size") or 4 * d_model,
        window_size=window if all(slides) else None,
        trained_len=needed(config, "max_position_embeddings"),
        rope_theta=number(config, "rope_theta"),
        norm_eps=number(config, "rms_norm_eps"),
        own_head_dim=head_dim,
        layer_windows=tuple(window if sliding else None for sliding in slides),
        layer_ropes=ropes,
        n_positions=learned,
        tied_embeddings=bool(config["tie_word_embeddings"]),
        embedding_scale=math.sqrt(d_model) if gemma else 1.0,
        experts=read_experts(config),
        style=read_style(config, family, biases),
    )
    scale = math.sqrt(head_dim / number(config, "query_pre_attn_scalar", head_dim))
    return Reading(transformer, family, scale * factor**2)
