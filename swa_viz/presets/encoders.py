"""Encoders: their windows look to both sides, and there is no cache, for nothing is generated."""

from swa_viz.patterns import CentredWindow
from swa_viz.presets.preset import ModelPreset
from swa_viz.presets.sources import class_of, config_of

# A full layer of an encoder reads the whole text on both sides: a window as long as the context.
FULL_8K, FULL_16K = CentredWindow(8192), CentredWindow(16_384)
MODERNBERT = CentredWindow(64)
SHORT, LONG = CentredWindow(256), CentredWindow(1024)

ENCODERS: dict[str, ModelPreset] = {
    "longformer-base": ModelPreset(
        label="Longformer base",
        year=2020,
        layer_schedule=(CentredWindow(256),) * 12,
        n_heads=12,
        n_kv_heads=12,
        head_dim=64,
        context_length=4096,
        stated_window=(512, "longformer"),
        notes=("The task adds global tokens, which read and are read by all.",),
        **config_of("allenai/longformer-base-4096"),
    ),
    "modernbert-base": ModelPreset(
        label="ModernBERT base",
        year=2024,
        layer_schedule=((FULL_8K, MODERNBERT, MODERNBERT) * 8)[:22],
        n_heads=12,
        n_kv_heads=12,
        head_dim=64,
        context_length=8192,
        stated_window=(128, "modernbert"),
        notes=("local_attention = 128 reads 129 keys: 64 on each side and the token itself.",),
        **class_of("modernbert", "ModernBertConfig"),
    ),
    "neomme-260m": ModelPreset(
        label="NeoMME-260M",
        year=2026,
        layer_schedule=(
            *(SHORT, LONG, SHORT, LONG, SHORT, FULL_16K),
            *(LONG, SHORT, LONG, SHORT, LONG, FULL_16K),
            *(SHORT, LONG, SHORT, LONG, FULL_16K),
        ),
        n_heads=16,
        n_kv_heads=4,
        head_dim=64,
        context_length=16_384,
        notes=("Two sizes of window alternate: 256 and 1,024 keys on each side.",),
        **class_of("neomme", "NeoMMEConfig"),
    ),
}
