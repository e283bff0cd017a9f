"""Presets as the page is sent them: layers that are alike are written once (the twin: packed.js).

Thirty-seven models have 1,400 layers, and few kinds of them: so the page is a third as large.
"""

from swa_viz.presets import ModelPreset

BY_LAYER = ("layer_schedule", "layer_heads")


def packed(preset: ModelPreset) -> dict:
    """The plain preset, with {"each", "order"} in place of its lists by layer.

    >>> from swa_viz.presets import PRESETS
    >>> packed(PRESETS["gpt-oss-20b"])["layer_schedule"]["order"][:4]
    [0, 1, 0, 1]
    """
    plain = preset.to_plain()
    return plain | {name: kinds_of(plain[name]) for name in BY_LAYER}


def kinds_of(layers: list[dict]) -> dict:
    """Each kind of layer once, and the order in which they are stacked."""
    each = [layer for i, layer in enumerate(layers) if layer not in layers[:i]]
    return {"each": each, "order": [each.index(layer) for layer in layers]}
