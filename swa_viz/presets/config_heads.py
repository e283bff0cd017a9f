"""The heads of each layer, and what else differs by layer, by a model's config."""

from collections.abc import Mapping

from swa_viz.presets.config_layers import FULL, SLIDING, Family, Kinds
from swa_viz.presets.config_values import Asked, spoken, whole
from swa_viz.presets.config_windows import layer_configs
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
MEANS = {
    HEADS: "query heads",
    KV_HEADS: "heads of keys and values",
    SIZE: "numbers in each query and key",
    VALUE_SIZE: "numbers in each value",
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
            asked.decide(key, f"{MEANS[field]} in the {kind} layers")
    return {**sizes, **(other_sizes(asked) if kind == SLIDING else {})}


def other_sizes(asked: Asked) -> Sizes:
    """Step's `attention_other_setting`: the heads of its sliding layers."""
    other = asked.get(OTHER)
    if other is None:
        return {}
    if not isinstance(other, Mapping):
        raise ValueError(f"{OTHER} must be an object, but it is {spoken(other)}")
    asked.decide(OTHER, "the heads in the sliding layers")
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
        if numbers:
            asked.decide(key, f"{MEANS[field]} in each layer")
    for layer, own in layer_configs(asked, len(kinds)).items():
        layers[layer] |= own_sizes(own)
    if asked.has("per_layer_config"):
        asked.decide("per_layer_config", "what differs in the layers that it names")
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


def tell_base(asked: Asked, base: list[Sizes], sized: list[Sizes]) -> None:
    """Keep what the plain keys decided: of all layers, or of those that no other key names."""
    for key, means in MEANS.items():
        if asked.get(key) is None:
            continue
        alone = all(plain[key] == sizes[key] for plain, sizes in zip(base, sized, strict=True))
        listed = isinstance(asked.get(key), list | tuple)
        where = "in each layer" if listed else "in every layer"
        asked.decide(key, f"{means} {where if alone else 'in the other layers'}")


def read_heads(
    asked: Asked, family: Family, kinds: Kinds
) -> tuple[LayerHeads, tuple[LayerHeads, ...]]:
    """The heads by the plain keys (of the first layer), and those of every layer.

    Raises ValueError for numbers that make none.
    """
    base = base_sizes(asked, len(kinds))
    sized = layer_sizes(asked, family, kinds)
    tell_base(asked, base, sized)
    for plain, sizes in zip(base, sized, strict=True):
        if SIZE not in sizes:  # transformers divides by the plain number of heads
            sizes[SIZE] = heads_of(asked, plain).head_dim
    return heads_of(asked, base[0]), tuple(heads_of(asked, sizes) for sizes in sized)
