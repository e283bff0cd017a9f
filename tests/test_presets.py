"""Real models as data: every preset is whole, and the browser gets the same fields."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.presets import PRESETS, LayerHeads, ModelPreset

TYPES = Path(__file__).parent.parent / "swa_viz/web/core/types.d.ts"


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_browser_gets_every_field(preset):
    plain = json.loads(json.dumps(preset.to_plain()))
    assert list(plain) == [field.name for field in fields(preset)]
    assert plain["layer_schedule"] == [layer.to_plain() for layer in preset.layer_schedule]


def test_the_types_of_the_browser_name_the_same_fields():
    for kind in (ModelPreset, LayerHeads):
        body = re.search(rf"interface {kind.__name__} {{(.*?)\n}}", TYPES.read_text(), re.S)[1]
        names = re.findall(r"readonly (\w+):", body)
        assert names == [field.name for field in fields(kind)]


def test_heads_are_those_of_every_layer():
    gpt_oss = PRESETS["gpt-oss-20b"]
    assert gpt_oss.heads == (LayerHeads(64, 8, 64, 64),) * 24
    with pytest.raises(ValueError, match="all 24 layers"):
        replace(gpt_oss, layer_heads=(LayerHeads(64, 8, 64, 64),) * 23)


def test_without_windows_every_layer_is_full():
    gemma = PRESETS["gemma-3-1b"]
    assert SlidingWindow(512) in gemma.layer_schedule
    assert set(gemma.without_windows().layer_schedule) == {Causal()}
    assert gemma.without_windows().heads == gemma.heads
