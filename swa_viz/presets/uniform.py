"""Models whose layers are all alike: a window in every layer, or in none."""

from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.presets.order import repeated
from swa_viz.presets.preset import ModelPreset
from swa_viz.presets.sources import class_of, config_of

UNIFORM: dict[str, ModelPreset] = {
    "mistral-7b-v0.1": ModelPreset(
        label="Mistral 7B v0.1",
        year=2023,
        layer_schedule=repeated("L", 32, SlidingWindow(4096)),
        n_heads=32,
        n_kv_heads=8,
        head_dim=128,
        context_length=32_768,
        source="arXiv 2310.06825, section 2 and table 1",
        url="https://arxiv.org/abs/2310.06825",
        notes=("Its config.json allows 32K tokens; the paper trains on 8K.",),
        says="about 131K tokens",
    ),
    "mistral-7b-v0.2": ModelPreset(
        label="Mistral 7B v0.2",
        year=2023,
        layer_schedule=(Causal(),) * 32,
        n_heads=32,
        n_kv_heads=8,
        head_dim=128,
        context_length=32_768,
        notes=("From v0.2 on, sliding_window is null: no layer has a window.",),
        **config_of("mistralai/Mistral-7B-Instruct-v0.2"),
    ),
    "phi-3-mini-4k": ModelPreset(
        label="Phi-3 mini 4K",
        year=2024,
        layer_schedule=repeated("L", 32, SlidingWindow(2047)),
        n_heads=32,
        n_kv_heads=32,
        head_dim=96,
        context_length=4096,
        notes=("Its config.json says 2,047; some programs then read 2,048 keys.",),
        **config_of("microsoft/Phi-3-mini-4k-instruct"),
    ),
    "qwen2-7b": ModelPreset(
        label="Qwen2 (class defaults)",
        year=2024,
        layer_schedule=(Causal(),) * 32,
        n_heads=32,
        n_kv_heads=32,
        head_dim=128,
        context_length=32_768,
        notes=(
            "sliding_window = 4,096 is declared, but use_sliding_window is false: all layers are "
            "full.",
            "If it were true, layers from max_window_layers on would slide, and those below be "
            "full.",
            "These are the defaults of the class; the published sizes have other heads and layers.",
        ),
        **class_of("qwen2", "Qwen2Config"),
    ),
    "32x256": ModelPreset(
        label="Textbook example, 32 × 256",
        layer_schedule=repeated("L", 32, SlidingWindow(256)),
        n_heads=None,
        n_kv_heads=None,
        head_dim=None,
        context_length=None,
        source="a common example in introductions to sliding windows, not a published model",
        says="8,192 tokens",
    ),
}
