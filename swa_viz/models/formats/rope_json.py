"""Read from a model's `config.json` which rotary positions each of its layers has."""

import math
from collections.abc import Mapping

from swa_viz.rope import LinearStretch, Llama3Stretch, Rope, Stretch, YarnStretch

Config = Mapping[str, object]
SLIDING, FULL = "sliding_attention", "full_attention"


def number(config: Config, key: str, default: float | int | None = None) -> float:
    """A number of the file, or its default.  Raises ValueError for what is none."""
    value = config.get(key)
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"config.json must say {key} as a number, but it says {value!r}")
    return float(value)


def yarn_factor(parameters: Config) -> float:
    """By how much YaRN stretches rotated queries and keys (arXiv 2309.00071, section 3.4)."""

    def grown(weight: float) -> float:
        factor = number(parameters, "factor")
        return 0.1 * weight * math.log(factor) + 1 if factor > 1 else 1.0

    if parameters.get("attention_factor") is not None:
        return number(parameters, "attention_factor")
    weights = number(parameters, "mscale", 0), number(parameters, "mscale_all_dim", 0)
    return grown(weights[0]) / grown(weights[1]) if all(weights) else grown(1.0)


def read_stretch(kind: str, parameters: Config) -> Stretch | None:
    """How the angles were changed for longer texts.

    Raises ValueError for a kind that is not built, and for a number that is missing.
    """
    if kind == "default":
        return None
    factor, length = number(parameters, "factor"), "original_max_position_embeddings"
    if kind == "linear":
        return LinearStretch(factor)
    if kind == "llama3":
        turns = number(parameters, "low_freq_factor"), number(parameters, "high_freq_factor")
        return Llama3Stretch(factor, *turns, number(parameters, length))
    if kind == "yarn":
        bounds = number(parameters, "beta_fast", 32), number(parameters, "beta_slow", 1)
        whole = parameters.get("truncate") is not False
        return YarnStretch(factor, *bounds, number(parameters, length), whole)
    known = "default, linear, llama3 and yarn"
    raise ValueError(f"rotary positions of the kind {kind!r} cannot be computed here; {known} can")


def read_rope(parameters: object, theta: float | int) -> tuple[Rope, float]:
    """The rotary positions, and by how much they stretch queries and keys.

    Raises ValueError for a kind that is not built.
    """
    if not isinstance(parameters, Mapping):
        raise ValueError(f"rotary positions must be an object, but config.json says {parameters!r}")
    kind = parameters.get("rope_type", parameters.get("type", "default"))
    if number(parameters, "partial_rotary_factor", 1) != 1:
        raise ValueError("positions that turn only a part of each head are not built here")
    rope = Rope(number(parameters, "rope_theta", theta), read_stretch(kind, parameters))
    return rope, yarn_factor(parameters) if kind == "yarn" else 1.0


def layer_ropes(
    config: Config, slides: list[bool], has_rope: list[bool]
) -> tuple[tuple[Rope | None, ...], float]:
    """The rotary positions of each layer, and by how much they stretch queries and keys."""
    by_kind = config.get("rope_parameters") or {}
    if not isinstance(by_kind, Mapping) or not {SLIDING, FULL} & by_kind.keys():
        scaling, local = by_kind or config.get("rope_scaling") or {}, "rope_local_base_freq"
        if by_kind and local in config:
            raise ValueError("rope_parameters must name the kind of layer that each of them is for")
        sliding = {"rope_theta": config[local]} if local in config else scaling
        by_kind = {SLIDING: sliding, FULL: scaling}
    kinds, theta = [SLIDING if sliding else FULL for sliding in slides], config["rope_theta"]
    read = {kind: read_rope(by_kind.get(kind) or {}, theta) for kind in set(kinds)}
    factors = {factor for _, factor in read.values()}
    if len(factors) > 1:
        raise ValueError("positions that stretch differently by layer are not built here")
    turned = zip(kinds, has_rope, strict=True)
    return tuple(read[kind][0] if has else None for kind, has in turned), factors.pop()
