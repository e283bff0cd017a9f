"""The Gemma family: from one window for each full layer to five, and from 4,096 keys to 512."""

from swa_viz.patterns import SlidingWindow
from swa_viz.presets.order import full_layers, repeated
from swa_viz.presets.preset import LayerHeads, ModelPreset
from swa_viz.presets.sources import config_of

OWN_CODE = {
    "source": "Gemma's own code, _gemma.py",
    "url": "https://github.com/google-deepmind/gemma/blob/main/gemma/gm/nn/_gemma.py",
}


def gemma_2(size: str, n_layers: int, n_heads: int, n_kv_heads: int, head_dim: int) -> ModelPreset:
    """One window, one full layer, and so on; the first layer slides."""
    return ModelPreset(
        label=f"Gemma 2 {size}",
        year=2024,
        layer_schedule=repeated("LG", n_layers, SlidingWindow(4096)),
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        head_dim=head_dim,
        context_length=8192,
        **OWN_CODE,
    )


def gemma_3(
    size: str,
    n_layers: int,
    window_size: int,
    heads: tuple[int, int, int],
    context_length: int = 131_072,
) -> ModelPreset:
    """Five windows for each full layer: layer i, from 0, is full if i + 1 is a multiple of six."""
    n_heads, n_kv_heads, head_dim = heads
    return ModelPreset(
        label=f"Gemma 3 {size}",
        year=2025,
        layer_schedule=repeated("LLLLLG", n_layers, SlidingWindow(window_size)),
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        head_dim=head_dim,
        context_length=context_length,
        **OWN_CODE,
    )


def gemma_4(size: str, n_layers: int, n_heads: int, n_kv_heads: int, n_full_kv: int) -> ModelPreset:
    """Five windows for each full layer, whose heads are fewer and twice as wide."""
    schedule = repeated("LLLLLG", n_layers, SlidingWindow(1024))
    local, full = (
        LayerHeads(n_heads, n_kv_heads, 256, 256),
        LayerHeads(n_heads, n_full_kv, 512, 512),
    )
    return ModelPreset(
        label=f"Gemma 4 {size}",
        year=2026,
        layer_schedule=schedule,
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        head_dim=256,
        context_length=262_144,
        layer_heads=tuple(full if i in full_layers(schedule) else local for i in range(n_layers)),
        key_is_value_layers=full_layers(schedule),
        **config_of(f"google/gemma-4-{size}-it"),
    )


def gemma_4_e2b() -> ModelPreset:
    """Four windows for each full layer; the upper 20 of its 35 layers store nothing themselves."""
    schedule = repeated("LLLLG", 35, SlidingWindow(512))
    local, full = LayerHeads(8, 1, 256, 256), LayerHeads(8, 1, 512, 512)
    return ModelPreset(
        label="Gemma 4 E2B",
        year=2026,
        layer_schedule=schedule,
        n_heads=8,
        n_kv_heads=1,
        head_dim=256,
        context_length=131_072,
        layer_heads=tuple(full if i in full_layers(schedule) else local for i in range(35)),
        shared_kv_layers=tuple(range(15, 35)),
        **config_of("google/gemma-4-E2B-it"),
    )


GEMMA: dict[str, ModelPreset] = {
    "gemma-2-2b": gemma_2("2B", 26, n_heads=8, n_kv_heads=4, head_dim=256),
    "gemma-2-9b": gemma_2("9B", 42, n_heads=16, n_kv_heads=8, head_dim=256),
    "gemma-2-27b": gemma_2("27B", 46, n_heads=32, n_kv_heads=16, head_dim=128),
    "gemma-3-270m": gemma_3("270M", 18, 512, heads=(4, 1, 256), context_length=32_768),
    "gemma-3-1b": gemma_3("1B", 26, 512, heads=(4, 1, 256), context_length=32_768),
    "gemma-3-4b": gemma_3("4B", 34, 1024, heads=(8, 4, 256)),
    "gemma-3-12b": gemma_3("12B", 48, 1024, heads=(16, 8, 256)),
    "gemma-3-27b": gemma_3("27B", 62, 1024, heads=(32, 16, 128)),
    "gemma-4-e2b": gemma_4_e2b(),
    "gemma-4-12b": gemma_4("12B", 48, n_heads=16, n_kv_heads=8, n_full_kv=1),
    "gemma-4-26b-a4b": gemma_4("26B-A4B", 30, n_heads=16, n_kv_heads=8, n_full_kv=2),
    "gemma-4-31b": gemma_4("31B", 60, n_heads=32, n_kv_heads=16, n_full_kv=4),
}
