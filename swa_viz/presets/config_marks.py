"""What marks single layers in a config: no cache of their own, no positions, K = V; sink logits."""

from swa_viz.presets.config_layers import FULL, Family, Kinds, layers_with_rope
from swa_viz.presets.config_values import Asked
from swa_viz.presets.config_windows import is_nothing


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
    found = [key for key in keys if asked.is_on(key)]
    for key in found:
        asked.decide(key, "heads have a sink logit")
    return bool(family.get("sink_logits") or found)
