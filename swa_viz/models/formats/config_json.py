"""Read a model's `config.json` as transformers means it: sizes, windows and positions by layer."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from swa_viz.models.config import BlockStyle, Experts, TransformerConfig
from swa_viz.models.formats.families import FAMILIES, Family
from swa_viz.models.formats.rope_json import Config, layer_ropes, number
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.presets import ModelPreset, from_config

ACTIVATIONS = {
    "silu": "silu",
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
}
# GPT-Neo's name for what the others call otherwise.
RENAMED = {"layer_norm_epsilon": "rms_norm_eps"}
# Keys that only some classes in transformers read: those whose family names them in its defaults.
PARTICULAR = frozenset(
    {
        "activation_function",
        "attn_logit_softcapping",
        "final_logit_softcapping",
        "hidden_activation",
        "query_pre_attn_scalar",
        "rope_local_base_freq",
    }
)
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
    read = {k: v for k, v in text.items() if k not in PARTICULAR or k in family.defaults}
    return {**family.defaults, **read}, family


def needed(config: Config, key: str) -> int:
    """A number that the file must hold.  Raises ValueError if it does not."""
    value = config.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"config.json must say {key} as a whole number, but it says {value!r}")
    return value


def windows_of(preset: ModelPreset) -> list[int | None]:
    """The window of each layer, None for a full one.

    Raises ValueError for a model whose layers are not all built here.
    """
    if preset.layer_heads or preset.shared_kv_layers or preset.key_is_value_layers:
        raise ValueError("this model cannot be computed here, because its layers' heads differ")
    for layer in preset.layer_schedule:
        if not isinstance(layer, SlidingWindow | Causal):
            why = f"its layers read {layer.label}"
            raise ValueError(f"this model cannot be computed here, because {why}")
    return [getattr(layer, "window_size", None) for layer in preset.layer_schedule]


@dataclass(frozen=True)
class Reading:
    """What config.json says: the sizes, the family, and a factor for the queries of each layer.

    The factor holds what differs from scores divided by the square root of `head_dim`.
    """

    config: TransformerConfig
    family: Family
    query_factors: tuple[float, ...]


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

    Its windows, heads and context are read as any model's are, by `presets`.  Raises ValueError,
    with one sentence, for what is missing and what cannot be computed here.
    """
    config, family = read_family(sent)
    config = {RENAMED.get(key, key): value for key, value in config.items()}
    d_model = needed(config, "hidden_size")
    preset = from_config(sent)
    windows = windows_of(preset)
    slides = [window is not None for window in windows]
    has_rope = [layer not in preset.nope_layers for layer in range(preset.n_layers)]
    ropes, factor = layer_ropes(config, slides, has_rope)
    trained_len = preset.context_length or needed(config, "max_position_embeddings")
    gemma = family.norm_offset != 0
    transformer = TransformerConfig(
        vocab_size=needed(config, "vocab_size"),
        d_model=d_model,
        n_layers=preset.n_layers,
        n_heads=preset.n_heads,
        n_kv_heads=preset.n_kv_heads,
        d_ff=config.get("intermediate_size") or 4 * d_model,
        window_size=windows[0] if all(slides) else None,
        trained_len=trained_len,
        rope_theta=number(config, "rope_theta"),
        norm_eps=number(config, "rms_norm_eps"),
        own_head_dim=preset.head_dim,
        layer_windows=tuple(windows),
        layer_ropes=ropes,
        n_positions=trained_len if "positions" in family.names else None,
        tied_embeddings=bool(config["tie_word_embeddings"]),
        embedding_scale=math.sqrt(d_model) if gemma else 1.0,
        experts=read_experts(config),
        style=read_style(config, family, biases),
    )
    scale = math.sqrt(preset.head_dim / number(config, "query_pre_attn_scalar", preset.head_dim))
    # YaRN stretches what it turns, so in a layer without positions nothing.
    factors = tuple(scale * factor**2 if has else scale for has in has_rope)
    return Reading(transformer, family, factors)
