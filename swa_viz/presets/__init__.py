"""Real and textbook models as data, each with its source.

`PRESETS` holds them by name: those whose layers are all alike, the Gemma family, other models that
mix windows with full layers, those whose full layers know no positions, and encoders.
`from_config` reads any other model's `config.json`.
"""

from swa_viz.presets.config_reader import from_config, read_preset
from swa_viz.presets.encoders import ENCODERS
from swa_viz.presets.gemma import GEMMA
from swa_viz.presets.mixed import MIXED
from swa_viz.presets.nope import NOPE
from swa_viz.presets.preset import LayerHeads, ModelPreset
from swa_viz.presets.uniform import UNIFORM

PRESETS: dict[str, ModelPreset] = {**UNIFORM, **GEMMA, **MIXED, **NOPE, **ENCODERS}

__all__ = ["PRESETS", "LayerHeads", "ModelPreset", "from_config", "read_preset"]
