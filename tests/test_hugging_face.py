"""Folders of transformers' models: the same logits as transformers, windows included."""

import json

import pytest
import tokenizers
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import decoders, models, pre_tokenizers

from swa_viz.models import load_model
from swa_viz.models.formats.families import FAMILIES
from swa_viz.models.sampling import Sampling
from swa_viz.models.tokenizer import byte_alphabet
from swa_viz.patterns import Causal, SlidingWindow

SEQ_LEN, VOCAB = 40, 260
SMALL = {
    "vocab_size": VOCAB,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 4,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "head_dim": 8,
    "bos_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": None,
}
WITHOUT_HEAD_DIM = {key: value for key, value in SMALL.items() if key != "head_dim"}
WIDE = SMALL | {"head_dim": 16}
S, F = "sliding_attention", "full_attention"
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 500.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
YARN = {
    "rope_type": "yarn",
    "rope_theta": 1000.0,
    "factor": 4.0,
    "original_max_position_embeddings": 32,
}
GEMMA = WIDE | {"query_pre_attn_scalar": 24, "sliding_window": 7}
NEO = {
    "vocab_size": VOCAB,
    "hidden_size": 48,
    "num_layers": 4,
    "num_heads": 6,
    "window_size": 7,
    "attention_types": [[["global", "local"], 2]],
    "max_position_embeddings": 64,
}
# Per case: the class in transformers, its config, and the windows that it must have.
CASES = {
    "llama, and keys of other families": (
        "Llama",
        WITHOUT_HEAD_DIM
        | {"query_pre_attn_scalar": 3, "attn_logit_softcapping": 1.0, "hidden_activation": "gelu"}
        | {"final_logit_softcapping": 1.0, "rope_local_base_freq": 10.0},
        [None] * 4,
    ),
    "llama with biases, untied": (
        "Llama",
        SMALL | {"attention_bias": True, "mlp_bias": True, "tie_word_embeddings": False},
        [None] * 4,
    ),
    "llama 3": ("Llama", WIDE | {"rope_parameters": LLAMA3}, [None] * 4),
    "llama, linear": (
        "Llama",
        SMALL | {"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 1e4}},
        [None] * 4,
    ),
    "llama, yarn": ("Llama", WIDE | {"rope_parameters": YARN}, [None] * 4),
    "mistral": ("Mistral", SMALL | {"sliding_window": 7}, [7] * 4),
    "mistral in full": ("Mistral", SMALL | {"sliding_window": None}, [None] * 4),
    "qwen2": (
        "Qwen2",
        WITHOUT_HEAD_DIM
        | {"use_sliding_window": True, "sliding_window": 7, "max_window_layers": 3},
        [None, None, None, 7],
    ),
    "qwen2, a window declared and not used": (
        "Qwen2",
        WITHOUT_HEAD_DIM | {"use_sliding_window": False, "sliding_window": 7},
        [None] * 4,
    ),
    "qwen2, layer_types": (
        "Qwen2",
        WITHOUT_HEAD_DIM
        | {"use_sliding_window": True, "sliding_window": 7, "layer_types": [S, F, S, F]},
        [7, None, 7, None],
    ),
    "qwen3": (
        "Qwen3",
        WIDE | {"use_sliding_window": True, "sliding_window": 7, "max_window_layers": 2},
        [None, None, 7, 7],
    ),
    "gemma2": ("Gemma2", GEMMA, [7, None, 7, None]),
    "gemma3": (
        "Gemma3",
        GEMMA
        | {
            "layer_types": [S, S, F, S],
            "rope_parameters": {
                F: {"rope_type": "linear", "factor": 8.0, "rope_theta": 1e6},
                S: {"rope_type": "default", "rope_theta": 1e4},
            },
        },
        [7, 7, None, 7],
    ),
    "gemma3, six layers, a cap that its class does not read": (
        "Gemma3",
        GEMMA | {"num_hidden_layers": 6, "attn_logit_softcapping": 2.0},
        [7] * 5 + [None],
    ),
    "smollm3": (
        "SmolLM3",
        WITHOUT_HEAD_DIM | {"no_rope_layers": [1, 1, 0, 1]},
        [None] * 4,
    ),
    "smollm3, yarn": (
        "SmolLM3",
        WITHOUT_HEAD_DIM | {"no_rope_layers": [1, 0, 1, 0], "rope_parameters": YARN},
        [None] * 4,
    ),
    "smollm3, windows": (
        "SmolLM3",
        WITHOUT_HEAD_DIM | {"use_sliding_window": True, "sliding_window": 7},
        [None, None, None, 7],
    ),
    "gpt_neo": ("GPTNeo", NEO, [None, 7, None, 7]),
    "gpt_oss": (
        "GptOss",
        WIDE | {"sliding_window": 7, "num_local_experts": 5, "num_experts_per_tok": 2},
        [7, None, 7, None],
    ),
}
# Written in another form there: rotary positions, and what use_sliding_window turns off.
OTHERWISE = {"rope_theta", "rope_scaling", "sliding_window"}
CLASSES = {"Gemma3": ("Gemma3TextConfig", "Gemma3ForCausalLM")}


def make_peer(kind, settings):
    """A random model of transformers, with weights that make attention sharp."""
    config_name, model_name = CLASSES.get(kind, (f"{kind}Config", f"{kind}ForCausalLM"))
    config = getattr(transformers, config_name)(**settings, attn_implementation="eager")
    torch.manual_seed(3)
    peer = getattr(transformers, model_name)(config).eval().float()
    with torch.no_grad():
        for parameter in peer.parameters():
            parameter.normal_(std=0.3)
    return peer


def write_tokenizer(folder):
    """A byte-level vocabulary of single bytes and a few control tokens."""
    vocabulary = {character: i + 4 for i, character in enumerate(byte_alphabet())}
    vocabulary |= {f"<{i}>": i for i in range(4)}
    made = tokenizers.Tokenizer(models.BPE(vocabulary, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([f"<{i}>" for i in range(4)])
    made.save(str(folder / "tokenizer.json"))


@pytest.fixture(scope="module", params=CASES)
def both(request, tmp_path_factory):
    """Transformers' model, ours from its folder, and the windows that the case expects."""
    kind, settings, windows = CASES[request.param]
    folder = tmp_path_factory.mktemp("model")
    peer = make_peer(kind, settings)
    peer.save_pretrained(folder)
    write_tokenizer(folder)
    return peer, load_model(folder, "cpu"), windows


@pytest.fixture(scope="module")
def token_ids():
    return torch.randint(4, VOCAB, (SEQ_LEN,), generator=torch.Generator().manual_seed(4))


def test_the_logits_are_those_of_transformers(both, token_ids):
    peer, model, _ = both
    with torch.no_grad():
        theirs = peer(token_ids[None]).logits[0]
    assert theirs.std() > 0.1
    torch.testing.assert_close(model.logits(token_ids), theirs, atol=2e-4, rtol=2e-4)
    torch.testing.assert_close(model.run(token_ids).logits, theirs, atol=2e-4, rtol=2e-4)


def test_the_schedule_is_what_config_json_says(both):
    _, model, windows = both
    assert model.native_schedule == tuple(
        Causal() if window is None else SlidingWindow(window) for window in windows
    )


def test_the_rolling_cache_gives_the_logits_of_the_whole(both, token_ids):
    _, model, _ = both
    cache = model.new_cache()
    parts = [model.extend(part, cache) for part in token_ids.split([9, 1, 1, 20, 9])]
    whole = model.logits(token_ids)
    torch.testing.assert_close(torch.cat(parts), whole, atol=2e-4, rtol=2e-4)


@pytest.mark.parametrize("ends", [1, [7, 1], None, "1"], ids=str)
def test_writing_ends_with_the_token_that_config_json_names(mistral, ends, monkeypatch):
    folder, config = mistral
    (folder / "config.json").write_text(json.dumps(config | {"eos_token_id": ends}))
    model = load_model(folder, "cpu")
    forced = iter([70, 71, 1, 72])
    monkeypatch.setattr(Sampling, "choose", lambda *_: next(forced))
    steps = list(model.generate("hello", 4))
    if ends in (1, [7, 1]):
        assert [step.token_id for step in steps] == [70, 71, 1]
        assert "".join(step.text for step in steps) == model.tokenizer.decode([70, 71])
    else:
        assert [step.token_id for step in steps] == [70, 71, 1, 72]


@pytest.fixture
def mistral(tmp_path):
    """A folder with a small Mistral, and its config.json as an object."""
    make_peer("Mistral", SMALL | {"sliding_window": 7}).save_pretrained(tmp_path)
    write_tokenizer(tmp_path)
    return tmp_path, json.loads((tmp_path / "config.json").read_text())


def test_numbers_may_lie_in_several_files(mistral, token_ids):
    folder, _ = mistral
    whole = load_model(folder, "cpu").logits(token_ids)
    transformers.MistralForCausalLM.from_pretrained(folder).save_pretrained(
        folder / "parts", max_shard_size="40KB"
    )
    assert len(list((folder / "parts").glob("*.safetensors"))) > 2
    write_tokenizer(folder / "parts")
    assert torch.equal(load_model(folder / "parts", "cpu").logits(token_ids), whole)


def test_the_language_model_of_a_larger_one_is_found(tmp_path, token_ids):
    """Gemma 3 that also sees images nests its text_config, and its names stand behind a prefix."""
    peer = make_peer("Gemma3", CASES["gemma3"][1])
    peer.save_pretrained(tmp_path)
    write_tokenizer(tmp_path)
    text = json.loads((tmp_path / "config.json").read_text())
    nested = {"model_type": "gemma3", "architectures": ["Gemma3"], "text_config": text}
    (tmp_path / "config.json").write_text(json.dumps(nested))
    tensors = load_file(tmp_path / "model.safetensors")
    tensors = {f"language_model.{name}": tensor for name, tensor in tensors.items()}
    tensors["vision_tower.patch.weight"] = torch.ones(2, 2)
    save_file(tensors, tmp_path / "model.safetensors")
    with torch.no_grad():
        theirs = peer(token_ids[None]).logits[0]
    ours = load_model(tmp_path, "cpu").logits(token_ids)
    torch.testing.assert_close(ours, theirs, atol=2e-4, rtol=2e-4)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"model_type": "mamba"}, "models of the family 'mamba' cannot be read here; those of gem"),
        ({"model_type": None}, "models of the family None cannot"),
        ({"quantization_config": {"bits": 4}}, "its numbers are quantised"),
        ({"hidden_act": "relu"}, "the activation 'relu' cannot be computed here; silu"),
        ({"hidden_size": "48"}, "config.json must say hidden_size as a whole number"),
        ({"hidden_size": 64}, r"is \(260, 48\) and not \(260, 64\): the file does not fit"),
        ({"num_hidden_layers": 5}, "the file holds no model.layers.4.* and 8 more, which"),
        ({"num_hidden_layers": 3}, "the file holds model.layers.3.*, of which nothing is known"),
        ({"sliding_window": 0}, "sliding_window must be a whole number from 1 to"),
        ({"layer_types": [S]}, "layer_types is a list of 1 entry, but there are 4 layers"),
        ({"layer_types": [S, S, S, "linear_attention"]}, 'says "linear_attention" for layer 3'),
        (
            {"layer_types": [S, S, F, "chunked_attention"], "attention_chunk_size": 8},
            "because its layers read chunks",
        ),
        ({"v_head_dim": 4}, "its layers' heads differ"),
        ({"rope_parameters": {"rope_type": "dynamic", "factor": 2.0}}, "of the kind 'dynamic'"),
        ({"rope_parameters": {"rope_type": "linear"}}, "config.json must say factor as a number"),
        ({"rope_parameters": {"partial_rotary_factor": 0.5}}, "only a part of each head"),
        (
            {"model_type": "gemma3_text", "rope_parameters": {"rope_type": "default"}},
            "rope_parameters must name the kind of layer",
        ),
        ({"rope_parameters": [1]}, "rotary positions must be an object"),
        ({"layer_types": "sliding"}, "layer_types must be a list"),
        ({"rms_norm_eps": "tiny"}, "config.json must say rms_norm_eps as a number"),
    ],
    ids=str,
)
def test_what_cannot_be_computed_is_refused_in_a_sentence(mistral, change, sentence):
    folder, config = mistral
    (folder / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(ValueError, match=sentence):
        load_model(folder, "cpu")


def test_layer_types_that_are_too_long_are_cut(mistral):
    folder, config = mistral
    (folder / "config.json").write_text(json.dumps(config | {"layer_types": [F, S, S, S, F, F]}))
    schedule = load_model(folder, "cpu").native_schedule
    assert schedule == (Causal(), *[SlidingWindow(7)] * 3)


@pytest.mark.parametrize("written", [b"", b"[1]", b"{", b"\xff\xfe"], ids=repr)
def test_a_config_that_is_no_object_is_refused(mistral, written):
    folder, _ = mistral
    (folder / "config.json").write_bytes(
        written if isinstance(written, bytes) else written.encode()
    )
    with pytest.raises(ValueError, match=r"config\.json"):
        load_model(folder, "cpu")


def test_a_pickle_is_never_opened(mistral):
    folder, _ = mistral
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(FileNotFoundError, match="read from safetensors only"):
        load_model(folder, "cpu")


def test_a_file_that_was_cut_off_is_refused(mistral):
    folder, _ = mistral
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(ValueError, match="no whole safetensors file"):
        load_model(folder, "cpu")


def test_an_index_does_not_lead_out_of_its_folder(mistral):
    folder, _ = mistral
    index = {"weight_map": {"model.embed_tokens.weight": "../../secret.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(FileNotFoundError, match=r"^secret\.safetensors is missing"):
        load_model(folder, "cpu")


def test_the_defaults_are_those_of_transformers():
    """Where config.json is silent, ours means what the class in transformers means."""
    for kind, (name, _, _) in CASES.items():
        if kind != name.lower().replace("gptneo", "gpt_neo").replace("gptoss", "gpt_oss"):
            continue
        config_name, _ = CLASSES.get(name, (f"{name}Config", ""))
        made = getattr(transformers, config_name)()
        family = FAMILIES[made.model_type]
        compared = 0
        for key, value in family.defaults.items():
            if key not in OTHERWISE and hasattr(made, key):
                assert getattr(made, key) == value, (kind, key)
                compared += 1
        assert compared >= 3, kind


def test_other_settings_at_their_default_change_nothing(mistral, token_ids):
    folder, config = mistral
    before = load_model(folder, "cpu").logits(token_ids)
    silent = {key: value for key, value in config.items() if key != "hidden_act"}
    (folder / "config.json").write_text(json.dumps(silent | {"partial_rotary_factor": 1.0}))
    assert torch.equal(load_model(folder, "cpu").logits(token_ids), before)
