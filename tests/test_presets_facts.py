"""The presets against what is known of the models, and against the classes of transformers."""

import importlib

import pytest

from swa_viz.cost import kv_cache_bytes
from swa_viz.patterns import Causal, CentredWindow, Chunked, SlidingWindow, from_convention
from swa_viz.presets import PRESETS
from swa_viz.reach import reach

GIB = 2**30

# Layers; the size of the window; layers with windows, full ones; heads, heads that are stored, and
# their width (of layers with windows); what all layers store for 32K tokens in bfloat16, and what
# they would without windows, in GiB.
KNOWN = {
    "mistral-7b-v0.1": (32, 4096, 32, 0, (32, 8, 128), 0.50, 4.00),
    "mistral-7b-v0.2": (32, None, 0, 32, (32, 8, 128), 4.00, 4.00),
    "gemma-2-2b": (26, 4096, 13, 13, (8, 4, 256), 1.83, 3.25),
    "gemma-2-9b": (42, 4096, 21, 21, (16, 8, 256), 5.91, 10.5),
    "gemma-2-27b": (46, 4096, 23, 23, (32, 16, 128), 6.47, 11.5),
    "gemma-3-270m": (18, 512, 15, 3, (4, 1, 256), 0.10, 0.56),
    "gemma-3-1b": (26, 512, 22, 4, (4, 1, 256), 0.14, 0.81),
    "gemma-3-4b": (34, 1024, 29, 5, (8, 4, 256), 0.74, 4.25),
    "gemma-3-12b": (48, 1024, 40, 8, (16, 8, 256), 2.31, 12.0),
    "gemma-3-27b": (62, 1024, 52, 10, (32, 16, 128), 2.91, 15.5),
    "gpt-oss-20b": (24, 128, 12, 12, (64, 8, 64), 0.75, 1.50),
    "gpt-oss-120b": (36, 128, 18, 18, (64, 8, 64), 1.13, 2.25),
    "olmo-3-7b": (32, 4096, 24, 8, (32, 32, 128), 5.50, 16.0),
    "command-r7b": (32, 4096, 24, 8, (32, 8, 128), 1.38, 4.00),
    "gemma-4-e2b": (35, 512, 28, 7, (8, 1, 256), 0.19, 0.56),
    "gemma-4-12b": (48, 1024, 40, 8, (16, 8, 256), 0.81, 10.5),
    "gemma-4-26b-a4b": (30, 1024, 25, 5, (16, 8, 256), 0.82, 6.88),
    "gemma-4-31b": (60, 1024, 50, 10, (32, 16, 256), 3.28, 27.5),
    "mimo-v2-flash": (48, 129, 39, 9, (64, 8, 192), 0.73, 6.80),
    "trinity-nano": (56, 2048, 42, 14, (8, 2, 128), 0.52, 1.75),
    "trinity-mini": (32, 2048, 24, 8, (32, 4, 128), 0.59, 2.00),
    "step-3.5-flash": (45, 512, 33, 12, (96, 8, 128), 1.56, 5.62),
    "exaone-4.0-32b": (64, 4096, 48, 16, (40, 8, 128), 2.75, 8.00),
    "cwm": (64, 8192, 48, 16, (48, 8, 128), 3.50, 8.00),
    "granite-swash-2b": (24, 128, 18, 6, (20, 4, 128), 0.38, 1.50),
    "laguna-xs-2.1": (40, 512, 30, 10, (48, 8, 128), 1.31, 5.00),
    "muse-glimmer-30b": (52, 2048, 39, 13, (32, 2, 128), 0.48, 1.62),
    "inkling": (66, 512, 55, 11, (64, 16, 128), 1.59, 15.1),
    "kolibri-1": (50, 513, 40, 10, (48, 4, 128), 0.66, 3.12),
}
# Of these no bytes are quoted: layers, the window, layers with windows, full ones, heads.
COUNTED = {
    "phi-3-mini-4k": (32, SlidingWindow(2047), 32, 0, (32, 32, 96)),
    "qwen2-7b": (32, None, 0, 32, (32, 32, 128)),
    "llama-4-scout": (48, Chunked(8192), 36, 12, (40, 8, 128)),
    "llama-4-maverick": (48, Chunked(8192), 36, 12, (40, 8, 128)),
    "tinystories-33m": (4, SlidingWindow(256), 2, 2, (16, 16, 48)),
    "modernbert-base": (22, CentredWindow(64), 14, 8, (12, 12, 64)),
    "longformer-base": (12, CentredWindow(256), 12, 0, (12, 12, 64)),
    "neomme-260m": (17, CentredWindow(256), 14, 3, (16, 4, 64)),
    "32x256": (32, SlidingWindow(256), 32, 0, None),
}


def is_full(preset, i: int) -> bool:
    """Does the layer read the whole text: all before the query, or in an encoder all of it?"""
    back = preset.layer_schedule[i].span.back
    return back is None or (preset.context_length or back + 1) <= back


def test_every_preset_is_counted_here():
    assert set(PRESETS) == {*KNOWN, *COUNTED}


@pytest.mark.parametrize("name", [*KNOWN, *COUNTED])
def test_layers_windows_and_heads(name):
    preset, facts = PRESETS[name], {**KNOWN, **COUNTED}[name]
    n_layers, window, n_windows, n_full, heads = facts[:5]
    full = [i for i in range(preset.n_layers) if is_full(preset, i)]
    windowed = [i for i in range(preset.n_layers) if i not in full]
    assert (preset.n_layers, len(windowed), len(full)) == (n_layers, n_windows, n_full)
    if window:
        expected = SlidingWindow(window) if isinstance(window, int) else window
        assert preset.layer_schedule[windowed[0]] == expected
    if heads:
        first = preset.heads[windowed[0] if windowed else 0]
        assert (first.n_heads, first.n_kv_heads, first.head_dim) == heads


@pytest.mark.parametrize("name", KNOWN)
def test_the_cache_at_32k_with_and_without_windows(name):
    preset, (windowed, full) = PRESETS[name], KNOWN[name][5:]
    found = [kv_cache_bytes(p, 32_768) / GIB for p in (preset, preset.without_windows())]
    assert found == pytest.approx([windowed, full], abs=0.0051 if full < 15 else 0.051)


@pytest.mark.parametrize("name", PRESETS)
def test_the_reach_is_the_whole_text_or_that_of_the_windows(name):
    layers = PRESETS[name].layer_schedule
    assert (reach(layers) is None) == (Causal() in layers)
    if set(map(type, layers)) == {SlidingWindow}:
        assert reach(layers) == 1 + sum(layer.window_size - 1 for layer in layers)


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "32x256"])
def test_every_model_has_a_year_and_a_page_of_its_source(name):
    assert 2020 <= PRESETS[name].year <= 2026
    assert PRESETS[name].url.startswith("https://")


# What transformers makes of a config: its class, what the config.json says beside its defaults, and
# the model.  It then says itself which layers slide and which heads they have.
SIZES = {"n": "num_hidden_layers", "h": "num_attention_heads", "kv": "num_key_value_heads"}
OTHERS = {"d": "head_dim", "w": "sliding_window", "full_kv": "num_global_key_value_heads"}
GEMMA_4 = {"attention_k_eq_v": True, "w": 1024}
CLASSES = {
    "mistral-7b-v0.1": ("mistral.MistralConfig", {}),
    "phi-3-mini-4k": ("phi3.Phi3Config", {"w": 2047}),
    "gemma-2-2b": ("gemma2.Gemma2Config", {}),
    "gemma-2-9b": ("gemma2.Gemma2Config", {"n": 42, "h": 16, "kv": 8}),
    "gemma-2-27b": ("gemma2.Gemma2Config", {"n": 46, "h": 32, "kv": 16, "d": 128}),
    "gemma-3-270m": ("gemma3.Gemma3TextConfig", {"n": 18, "h": 4, "kv": 1, "w": 512}),
    "gemma-3-1b": ("gemma3.Gemma3TextConfig", {"n": 26, "h": 4, "kv": 1, "w": 512}),
    "gemma-3-4b": ("gemma3.Gemma3TextConfig", {"n": 34, "h": 8, "kv": 4, "w": 1024}),
    "gemma-3-12b": ("gemma3.Gemma3TextConfig", {"n": 48, "h": 16, "kv": 8, "w": 1024}),
    "gemma-3-27b": ("gemma3.Gemma3TextConfig", {"n": 62, "h": 32, "kv": 16, "d": 128, "w": 1024}),
    "gpt-oss-20b": ("gpt_oss.GptOssConfig", {"n": 24}),
    "gpt-oss-120b": ("gpt_oss.GptOssConfig", {}),
    "olmo-3-7b": ("olmo3.Olmo3Config", {}),
    "command-r7b": ("cohere2.Cohere2Config", {"n": 32, "h": 32, "kv": 8, "hidden_size": 4096}),
    "llama-4-scout": ("llama4.Llama4TextConfig", {}),
    "exaone-4.0-32b": ("exaone4.Exaone4Config", {"n": 64, "h": 40, "kv": 8, "d": 128}),
    "cwm": ("cwm.CwmConfig", {}),
    "granite-swash-2b": ("granite_swa.GraniteSWAConfig", {}),
    "muse-glimmer-30b": ("muse_glimmer.MuseGlimmerTextConfig", {}),
    "kolibri-1": ("kolibri1.Kolibri1Config", {}),
    "trinity-nano": ("afmoe.AfmoeConfig", {"n": 56, "h": 8, "kv": 2, "w": 2048}),
    "trinity-mini": ("afmoe.AfmoeConfig", {"h": 32, "kv": 4, "w": 2048}),
    "mimo-v2-flash": ("mimo_v2_flash.MiMoV2FlashConfig", {"sliding_window_size": 128}),
    "inkling": ("inkling.InklingTextConfig", {}),
    "qwen2-7b": ("qwen2.Qwen2Config", {}),
    "gemma-4-12b": (
        "gemma4.Gemma4TextConfig",
        {**GEMMA_4, "n": 48, "h": 16, "kv": 8, "full_kv": 1},
    ),
    "gemma-4-26b-a4b": (
        "gemma4.Gemma4TextConfig",
        {**GEMMA_4, "n": 30, "h": 16, "kv": 8, "full_kv": 2},
    ),
    "gemma-4-31b": (
        "gemma4.Gemma4TextConfig",
        {**GEMMA_4, "n": 60, "h": 32, "kv": 16, "full_kv": 4},
    ),
}


def config_of(name: str):
    """What transformers makes of the model's numbers."""
    path, numbers = CLASSES[name]
    module, kind = path.split(".")
    found = importlib.import_module(f"transformers.models.{module}.configuration_{module}")
    long = {**SIZES, **OTHERS}
    return getattr(found, kind)(**{long.get(key, key): value for key, value in numbers.items()})


def heads_in(config) -> tuple[int, int, int]:
    """The heads of one layer, as its configuration names them."""
    width = getattr(config, "head_dim", None)
    return (
        config.num_attention_heads,
        config.num_key_value_heads or config.num_attention_heads,
        width or config.hidden_size // config.num_attention_heads,
    )


@pytest.mark.parametrize("name", CLASSES)
def test_transformers_slides_the_same_layers_by_the_same_window(name):
    config, preset = config_of(name), PRESETS[name]
    kinds = getattr(config, "layer_types", None) or ["sliding_attention"] * preset.n_layers
    full = [kind in ("full_attention", "hybrid") for kind in kinds]
    assert full == [is_full(preset, i) for i in range(preset.n_layers)]
    window = getattr(config, "attention_chunk_size", None) or config.sliding_window
    assert {p.span.back + 1 for p in set(preset.layer_schedule) - {Causal()}} <= {window}


# Of these the model's code, and not its configuration, says which heads a layer has.
IN_CODE = ("mimo-v2-flash", "inkling")


@pytest.mark.parametrize("name", [name for name in CLASSES if name not in IN_CODE])
def test_transformers_gives_every_layer_the_same_heads(name):
    config, preset = config_of(name), PRESETS[name]
    ours = [(each.n_heads, each.n_kv_heads, each.head_dim) for each in preset.heads]
    assert ours == [heads_in(config.per_layer_config[i]) for i in range(preset.n_layers)]


def test_transformers_knows_the_other_heads_of_windows():
    inkling, mimo = config_of("inkling"), config_of("mimo-v2-flash")
    local, full = PRESETS["inkling"].heads[0], PRESETS["inkling"].heads[5]
    assert (local.n_heads, local.n_kv_heads, local.head_dim) == (
        inkling.swa_num_attention_heads,
        inkling.swa_num_key_value_heads,
        inkling.swa_head_dim,
    )
    assert (full.n_heads, full.n_kv_heads, full.head_dim) == heads_in(inkling)
    full = PRESETS["mimo-v2-flash"].heads[0]
    assert (full.n_heads, full.n_kv_heads, full.head_dim) == heads_in(mimo)
    assert full.value_dim == mimo.v_head_dim


def test_transformers_leaves_out_the_layers_that_step_names_too_many():
    from transformers.models.step3p7.configuration_step3p7 import Step3p7TextConfig

    kinds = ["full_attention", *["sliding_attention"] * 3] * 12
    other = {"num_attention_heads": 96}
    extra = {"num_nextn_predict_layers": 3, "attention_other_setting": other}
    config = Step3p7TextConfig(layer_types=kinds, sliding_window=512, **extra)
    preset = PRESETS["step-3.5-flash"]
    assert [kind == "full_attention" for kind in config.layer_types] == [
        is_full(preset, i) for i in range(45)
    ]
    ours = [(each.n_heads, each.n_kv_heads, each.head_dim) for each in preset.heads]
    assert ours == [heads_in(config.per_layer_config[i]) for i in range(45)]


def test_transformers_shares_the_keys_of_gemma_4_e2b_where_we_do():
    from transformers.models.gemma4.configuration_gemma4 import Gemma4TextConfig

    preset = PRESETS["gemma-4-e2b"]
    kinds = ["full_attention" if is_full(preset, i) else "sliding_attention" for i in range(35)]
    config = Gemma4TextConfig(num_hidden_layers=35, layer_types=kinds, num_kv_shared_layers=20)
    shared = [i for i, mode in enumerate(config.kv_sharing_modes) if mode == "reuse"]
    assert tuple(shared) == preset.shared_kv_layers


def test_transformers_leaves_the_same_layers_without_positions():
    muse, llama = config_of("muse-glimmer-30b"), config_of("llama-4-scout")
    silent = tuple(i for i, theta in enumerate(muse.layer_rope_theta) if theta == 0)
    assert PRESETS["muse-glimmer-30b"].nope_layers == silent
    silent = tuple(i for i, turns in enumerate(llama.no_rope_layers) if not turns)
    assert PRESETS["llama-4-scout"].nope_layers == silent


def test_transformers_reads_the_encoders_windows_on_both_sides():
    from transformers.models.modernbert.configuration_modernbert import ModernBertConfig
    from transformers.models.neomme.configuration_neomme import NeoMMEConfig

    modernbert = PRESETS["modernbert-base"]
    kinds = ModernBertConfig().layer_types
    assert [kind == "full_attention" for kind in kinds] == [
        is_full(modernbert, i) for i in range(22)
    ]
    assert CentredWindow(ModernBertConfig().sliding_window) in modernbert.layer_schedule
    config, neomme = NeoMMEConfig(), PRESETS["neomme-260m"]
    for i, kind in enumerate(config.layer_types):
        assert (kind == "full_attention") == is_full(neomme, i)
        if kind == "sliding_attention":
            assert neomme.layer_schedule[i] == CentredWindow(
                config.per_layer_config[i].sliding_window
            )


@pytest.mark.parametrize("name", [n for n, preset in PRESETS.items() if preset.stated_window])
def test_the_number_in_the_file_is_the_window_of_the_layers(name):
    number, convention = PRESETS[name].stated_window
    assert from_convention(number, convention) in PRESETS[name].layer_schedule
