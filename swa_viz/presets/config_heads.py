"""The heads of each layer, and what else differs by layer, by a model's config."""

from collections.abc import Mapping

from swa_viz.presets.config_layers import FULL, SLIDING, Family, Kinds, layers_with_rope
from swa_viz.presets.config_values import Asked, spoken, whole
from swa_viz.presets.config_windows import is_nothing, layer_configs
from swa_viz.presets.preset import LayerHeads

HEADS, KV_HEADS, SIZE, VALUE_SIZE = FIELDS = (
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "v_head_dim",
)
MOST_HEADS = 65_536
OTHER = "attention_other_setting"
# The keys that say it for the sliding layers alone, and for the full ones.
OWN_KEYS = {
    SLIDING: {
        "num_sliding_attention_heads": HEADS,
        "swa_num_attention_heads": HEADS,
        "swa_num_key_value_heads": KV_HEADS,
        "swa_head_dim": SIZE,
        "swa_v_head_dim": VALUE_SIZE,
    },
    FULL: {"global_head_dim": SIZE, "num_global_key_value_heads": KV_HEADS},
}
LAYER_KEYS = {"num_attention_heads_per_layer": HEADS}
Sizes = dict[str, int]


def base_sizes(asked: Asked, n_layers: int) -> list[Sizes]:
    """What the plain keys say of each layer, as one number or as a list.

    Raises ValueError for a number that is missing or cannot be one.
    """
    layers: list[Sizes] = [{} for _ in range(n_layers)]
    asked.needed(HEADS)
    for key in FIELDS:
        value = asked.get(key)
        listed = isinstance(value, list | tuple)
        numbers = asked.entries(key, n_layers) if listed else [value] * n_layers
        for sizes, number in zip(layers, numbers, strict=True):
            if number is not None:
                sizes[key] = whole(number, asked.name(key), at_most=MOST_HEADS)
        if value is not None:
            asked.decide(key, "of every layer" if not listed else "layer by layer")
    return layers


def kind_sizes(asked: Asked, family: Family, kind: str) -> Sizes:
    """What other keys say of the layers of one kind alone."""
    if asked.has("per_layer_config"):
        return {}
    keys = dict(OWN_KEYS.get(kind, {}))
    if family.get("global_kv_needs_k_eq_v") and not asked.is_on("attention_k_eq_v"):
        keys.pop("num_global_key_value_heads", None)
    sizes = {}
    for key, field in keys.items():
        if (number := asked.optional(key, at_most=MOST_HEADS)) is not None:
            sizes[field] = number
            asked.decide(key, f"of the {kind} layers alone")
    return {**sizes, **(other_sizes(asked) if kind == SLIDING else {})}


def other_sizes(asked: Asked) -> Sizes:
    """Step's `attention_other_setting`: the heads of its sliding layers."""
    other = asked.get(OTHER)
    if other is None:
        return {}
    if not isinstance(other, Mapping):
        raise ValueError(f"{OTHER} must be an object, but it is {spoken(other)}")
    asked.decide(OTHER, "of the sliding layers alone")
    return own_sizes({**other, KV_HEADS: other.get("num_attention_groups", other.get(KV_HEADS))})


def own_sizes(own: Mapping[str, object]) -> Sizes:
    """The sizes among the keys of a smaller object."""
    said = {key: own.get(key) for key in FIELDS}
    return {key: whole(v, key, at_most=MOST_HEADS) for key, v in said.items() if v is not None}


def layer_sizes(asked: Asked, family: Family, kinds: Kinds) -> list[Sizes]:
    """All that the file says of each layer's heads, the most particular key last."""
    layers = base_sizes(asked, len(kinds))
    by_kind = {kind: kind_sizes(asked, family, kind) for kind in sorted(set(kinds))}
    factor = family.get("sliding_kv_factor")
    if factor and SLIDING in by_kind:
        by_kind[SLIDING].setdefault(KV_HEADS, layers[0].get(KV_HEADS, layers[0][HEADS]) * factor)
    for sizes, kind in zip(layers, kinds, strict=True):
        sizes |= by_kind[kind]
    for key, field in LAYER_KEYS.items():
        numbers = asked.entries(key, len(kinds)) if asked.has(key) else []
        for sizes, number in zip(layers, numbers, strict=False):
            sizes[field] = whole(number, f"an entry of {key}", at_most=MOST_HEADS)
    for layer, own in layer_configs(asked, len(kinds)).items():
        layers[layer] |= own_sizes(own)
    if asked.has("per_layer_config"):
        asked.decide("per_layer_config", "of the layers that it names")
    return layers


def heads_of(asked: Asked, sizes: Sizes) -> LayerHeads:
    """One layer's heads.  Raises ValueError for numbers that do not go together."""
    n_heads = sizes[HEADS]
    n_kv_heads = sizes.get(KV_HEADS, n_heads)
    if n_heads % n_kv_heads:
        message = f"{n_heads} query heads cannot share {n_kv_heads} heads of keys and values"
        raise ValueError(f"{message}, because that does not divide evenly")
    head_dim = sizes.get(SIZE) or asked.whole("hidden_size") // n_heads
    if head_dim < 1:
        raise ValueError("hidden_size is smaller than the number of heads")
    return LayerHeads(n_heads, n_kv_heads, head_dim, sizes.get(VALUE_SIZE, head_dim))


def read_heads(
    asked: Asked, family: Family, kinds: Kinds
) -> tuple[LayerHeads, tuple[LayerHeads, ...]]:
    """The heads by the plain keys (of the first layer), and those of every layer.

    Raises ValueError for numbers that make none.
    """
    base = base_sizes(asked, len(kinds))
    sized = layer_sizes(asked, family, kinds)
    for plain, sizes in zip(base, sized, strict=True):
        if SIZE not in sizes:  # transformers divides by the plain number of heads
            sizes[SIZE] = heads_of(asked, plain).head_dim
    return heads_of(asked, base[0]), tuple(heads_of(asked, sizes) for sizes in sized)


def read_shared(asked: Asked, n_layers: int) -> tuple[int, ...]:
    """The last layers, which store no keys and values of their own."""
    count = asked.optional("num_kv_shared_layers", at_least=0, at_most=n_layers)
    if not count:
        return ()
    if count == n_layers:
        raise ValueError("num_kv_shared_layers leaves no layer that stores keys and values")
    asked.decide("num_kv_shared_layers", f"the last {count} layers store nothing of their own")
    return tuple(range(n_layers - count, n_layers))


def read_key_is_value(asked: Asked, kinds: Kinds) -> tuple[int, ...]:
    """The layers whose values are made from the keys' projection: the full ones."""
    if not asked.is_on("attention_k_eq_v"):
        return ()
    asked.decide("attention_k_eq_v", "full layers make their values from their keys")
    return tuple(layer for layer, kind in enumerate(kinds) if kind == FULL)


def read_nope(asked: Asked, family: Family, kinds: Kinds) -> tuple[int, ...]:
    """The layers without rotary positions."""
    n_layers, rule = len(kinds), family.get("nope")
    if rule == "full beside windows" and is_nothing(asked.get("sliding_window")):
        return ()
    if asked.has("layer_rope_theta"):
        asked.decide("layer_rope_theta", "a layer with 0 has no rotary positions")
        thetas = asked.entries("layer_rope_theta", n_layers)
        return tuple(i for i, theta in enumerate(thetas) if is_nothing(theta))
    if asked.get("no_rope_layers") or asked.get("no_rope_layer_interval") is not None:
        key = "no_rope_layers" if asked.get("no_rope_layers") else "no_rope_layer_interval"
        asked.decide(key, "some layers have no rotary positions")
        has_rope = layers_with_rope(asked, n_layers)
        return tuple(layer for layer in range(n_layers) if not has_rope[layer])
    return tuple(layer for layer, kind in enumerate(kinds) if rule and kind == FULL)


def read_sink_logits(asked: Asked, family: Family) -> bool:
    """Do heads have a learned number that joins the softmax?"""
    keys = ("add_swa_attention_sink_bias", "add_full_attention_sink_bias")
    return bool(family.get("sink_logits")) or any(asked.is_on(key) for key in keys)
