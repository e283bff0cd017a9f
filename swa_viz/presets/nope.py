"""Models whose full layers have no positional encoding: only windows know who stands where."""

from swa_viz.patterns import Chunked, Pattern, SlidingWindow
from swa_viz.presets.order import full_layers, repeated
from swa_viz.presets.preset import ModelPreset
from swa_viz.presets.sources import class_of, config_of


def nope(
    label: str,
    year: int,
    layers: tuple[str, int, Pattern],
    heads: tuple[int, int, int],
    context_length: int | None,
    source: dict[str, str],
    notes: tuple[str, ...] = (),
) -> ModelPreset:
    """A model of `layers` (an order, how many, the window), without positions in the full ones."""
    schedule = repeated(*layers)
    n_heads, n_kv_heads, head_dim = heads
    return ModelPreset(
        label=label,
        year=year,
        layer_schedule=schedule,
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        head_dim=head_dim,
        context_length=context_length,
        nope_layers=full_layers(schedule),
        notes=notes,
        **source,
    )


def llama_4(size: str, repository: str) -> ModelPreset:
    """Chunks instead of windows: a token at the start of a chunk sees only itself."""
    return nope(
        f"Llama 4 {size}",
        2025,
        ("LLLG", 48, Chunked(8192)),
        heads=(40, 8, 128),
        context_length=None,
        source=config_of(repository),
        notes=("Chunked, not sliding: the first token of a chunk sees only itself.",),
    )


NOPE: dict[str, ModelPreset] = {
    "command-r7b": nope(
        "Command R7B",
        2024,
        ("LLLG", 32, SlidingWindow(4096)),
        heads=(32, 8, 128),
        context_length=8192,
        source=config_of("CohereLabs/c4ai-command-r7b-12-2024"),
        notes=("Its config.json says 8K tokens; it is offered for 128K.",),
    ),
    "llama-4-scout": llama_4("Scout", "meta-llama/Llama-4-Scout-17B-16E"),
    "llama-4-maverick": llama_4("Maverick", "meta-llama/Llama-4-Maverick-17B-128E"),
    "exaone-4.0-32b": nope(
        "EXAONE 4.0 32B",
        2025,
        ("LLLG", 64, SlidingWindow(4096)),
        heads=(40, 8, 128),
        context_length=None,
        source=config_of("LGAI-EXAONE/EXAONE-4.0-32B"),
    ),
    "trinity-nano": nope(
        "Trinity Nano",
        2025,
        ("LLLG", 56, SlidingWindow(2048)),
        heads=(8, 2, 128),
        context_length=131_072,
        source=config_of("arcee-ai/Trinity-Nano-Preview"),
        notes=("The default of its class is W = 1,024.",),
    ),
    "trinity-mini": nope(
        "Trinity Mini",
        2025,
        ("LLLG", 32, SlidingWindow(2048)),
        heads=(32, 4, 128),
        context_length=131_072,
        source=config_of("arcee-ai/Trinity-Mini"),
        notes=("The default of its class is W = 1,024.",),
    ),
    "muse-glimmer-30b": nope(
        "Muse-Glimmer-30B",
        2026,
        ("LLLG", 52, SlidingWindow(2048)),
        heads=(32, 2, 128),
        context_length=131_072,
        source=class_of("muse_glimmer", "MuseGlimmerTextConfig"),
    ),
    "kolibri-1": nope(
        "Kolibri-1",
        2026,
        ("LLLLG", 50, SlidingWindow(513)),
        heads=(48, 4, 128),
        context_length=262_144,
        source=class_of("kolibri1", "Kolibri1Config"),
        notes=("W = 513: the query and 512 keys before it.",),
    ),
}
