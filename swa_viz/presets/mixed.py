"""Models that mix windows with full layers, and know positions in both."""

from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.presets.order import full_layers, repeated
from swa_viz.presets.preset import LayerHeads, ModelPreset
from swa_viz.presets.sources import class_of, config_of


def gpt_oss(size: str, n_layers: int) -> ModelPreset:
    """One window, one full layer, and so on; the first layer slides."""
    return ModelPreset(
        label=f"gpt-oss-{size}",
        year=2025,
        layer_schedule=repeated("LG", n_layers, SlidingWindow(128)),
        n_heads=64,
        n_kv_heads=8,
        head_dim=64,
        context_length=131_072,
        sink_logits=True,
        **config_of(f"openai/gpt-oss-{size}"),
    )


def mimo_v2_flash() -> ModelPreset:
    """Five windows for each full layer, and the first layer is full as well."""
    schedule = (Causal(), *repeated("LLLLG" + "LLLLLG" * 7, 47, SlidingWindow(129)))
    local, full = LayerHeads(64, 8, 192, 128), LayerHeads(64, 4, 192, 128)
    return ModelPreset(
        label="MiMo-V2-Flash",
        year=2025,
        layer_schedule=schedule,
        n_heads=64,
        n_kv_heads=4,
        head_dim=192,
        context_length=262_144,
        layer_heads=tuple(full if i in full_layers(schedule) else local for i in range(48)),
        sink_logits=True,
        stated_window=(128, "sglang"),
        notes=(
            "Its config.json says 128, and the code reads the query and 128 keys before it: "
            "W = 129.",
            "Only the layers with windows have sink logits.",
        ),
        **config_of("XiaomiMiMo/MiMo-V2-Flash"),
    )


def step_3_5_flash() -> ModelPreset:
    """One full layer, then three windows, whose layers have more query heads."""
    schedule = repeated("GLLL", 45, SlidingWindow(512))
    local, full = LayerHeads(96, 8, 128, 128), LayerHeads(64, 8, 128, 128)
    return ModelPreset(
        label="Step-3.5-Flash",
        year=2026,
        layer_schedule=schedule,
        n_heads=64,
        n_kv_heads=8,
        head_dim=128,
        context_length=None,
        layer_heads=tuple(full if i in full_layers(schedule) else local for i in range(45)),
        notes=("Its layer_types name more layers than the model has; those at the end are extra.",),
        **config_of("stepfun-ai/Step-3.5-Flash"),
    )


def inkling() -> ModelPreset:
    """Five windows for each full layer; the layers with windows store twice as many heads."""
    schedule = repeated("LLLLLG", 66, SlidingWindow(512))
    local, full = LayerHeads(64, 16, 128, 128), LayerHeads(64, 8, 128, 128)
    return ModelPreset(
        label="Inkling",
        year=2026,
        layer_schedule=schedule,
        n_heads=64,
        n_kv_heads=8,
        head_dim=128,
        context_length=None,
        layer_heads=tuple(full if i in full_layers(schedule) else local for i in range(66)),
        notes=("Positions enter as a learned bias on the scores, over the last 1,024 tokens.",),
        **class_of("inkling", "InklingTextConfig"),
    )


MIXED: dict[str, ModelPreset] = {
    "tinystories-33m": ModelPreset(
        label="TinyStories 33M",
        year=2023,
        layer_schedule=repeated("GL", 4, SlidingWindow(256)),
        n_heads=16,
        n_kv_heads=16,
        head_dim=48,
        context_length=2048,
        notes=("A GPT-Neo: one of the smallest published models with windows.",),
        **config_of("roneneldan/TinyStories-33M"),
    ),
    "gpt-oss-20b": gpt_oss("20b", 24),
    "gpt-oss-120b": gpt_oss("120b", 36),
    "olmo-3-7b": ModelPreset(
        label="OLMo 3 7B",
        year=2025,
        layer_schedule=repeated("LLLG", 32, SlidingWindow(4096)),
        n_heads=32,
        n_kv_heads=32,
        head_dim=128,
        context_length=65_536,
        **config_of("allenai/Olmo-3-7B-Instruct"),
    ),
    "cwm": ModelPreset(
        label="CWM",
        year=2025,
        layer_schedule=repeated("GLLL", 64, SlidingWindow(8192)),
        n_heads=48,
        n_kv_heads=8,
        head_dim=128,
        context_length=131_072,
        **class_of("cwm", "CwmConfig"),
    ),
    "mimo-v2-flash": mimo_v2_flash(),
    "step-3.5-flash": step_3_5_flash(),
    "granite-swash-2b": ModelPreset(
        label="Granite-swash-2b",
        year=2026,
        layer_schedule=repeated("GLLL", 24, SlidingWindow(128)),
        n_heads=20,
        n_kv_heads=4,
        head_dim=128,
        context_length=8192,
        sink_logits=True,
        notes=(
            "Its config.json lists a rotary base for each layer; a layer with base 0 has no "
            "positions.",
        ),
        **class_of("granite_swa", "GraniteSWAConfig"),
    ),
    "laguna-xs-2.1": ModelPreset(
        label="Laguna XS 2.1",
        year=2026,
        layer_schedule=repeated("GLLL", 40, SlidingWindow(512)),
        n_heads=48,
        n_kv_heads=8,
        head_dim=128,
        context_length=262_144,
        notes=(
            "The defaults of its class make all layers full; its config.json says which slide.",
        ),
        **config_of("poolside/Laguna-XS-2.1"),
    ),
    "inkling": inkling(),
}
