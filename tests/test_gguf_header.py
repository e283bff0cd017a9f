"""The header of a GGUF file: as llama.cpp writes it, cut off, and lying about its lengths."""

import base64
import json
import struct
import subprocess
import time
from pathlib import Path

import gguf
import pytest

from swa_viz.patterns import Causal, Chunked, SlidingWindow
from swa_viz.presets import PRESETS, from_config, read_preset
from swa_viz.presets.config_families import FAMILIES, config_facts
from swa_viz.presets.gguf_header import read_gguf
from tests.test_presets_config import PACKAGE, plain_reading

FLAGS = [True] * 5 + [False]


def sizes(layers: int, heads: int, kv_heads: int | list[int], size: int, context: int, **more):
    """The keys that every architecture has, and some of its own."""
    return {
        "block_count": layers,
        "context_length": context,
        "embedding_length": heads * size,
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        "attention.key_length": size,
        "attention.value_length": size,
        **{f"attention.{key}": value for key, value in more.items()},
    }


# The known models as llama.cpp's converter writes them.
KNOWN = {
    "gemma-2-2b": ("gemma2", sizes(26, 8, 4, 256, 8192, sliding_window=4096)),
    "gemma-3-1b": ("gemma3", sizes(26, 4, 1, 256, 32_768, sliding_window=512)),
    "gpt-oss-20b": ("gpt-oss", sizes(24, 64, 8, 64, 131_072, sliding_window=128)),
    "qwen2-7b": ("qwen2", sizes(32, 32, 32, 128, 32_768)),
    "phi-3-mini-4k": ("phi3", sizes(32, 32, 32, 96, 4096, sliding_window=2047)),
    "olmo-3-7b": ("olmo2", sizes(32, 32, 32, 128, 65_536, sliding_window=4096)),
    "command-r7b": ("cohere2", sizes(32, 32, 8, 128, 8192, sliding_window=4096)),
    "mistral-7b-v0.2": ("llama", sizes(32, 32, 8, 128, 32_768)),
    "trinity-mini": ("afmoe", sizes(32, 32, 4, 128, 131_072, sliding_window=2048)),
    "gemma-4-31b": (
        "gemma4",
        sizes(60, 32, ([16] * 5 + [4]) * 10, 512, 262_144, sliding_window=1024)
        | {"attention.key_length_swa": 256, "attention.value_length_swa": 256}
        | {"attention.sliding_window_pattern": FLAGS * 10},
    ),
    "gemma-4-e2b": (
        "gemma4",
        sizes(35, 8, 1, 512, 131_072, sliding_window=512, shared_kv_layers=20)
        | {"attention.key_length_swa": 256, "attention.value_length_swa": 256}
        | {"attention.sliding_window_pattern": ([True] * 4 + [False]) * 7},
    ),
    "exaone-4.0-32b": (
        "exaone4",
        sizes(64, 40, 8, 128, 131_072, sliding_window=4096)
        | {"attention.sliding_window_pattern": ([True] * 3 + [False]) * 16},
    ),
}


def written(folder: Path, architecture: str, keys: dict, tokens: int = 2000) -> bytes:
    """A file as the library `gguf` writes it, with a vocabulary and without tensors."""
    file = folder / "made.gguf"
    writer = gguf.GGUFWriter(file, architecture)
    for key, value in keys.items():
        add = writer.add_array if isinstance(value, list) else writer.add_uint32
        add(f"{architecture}.{key}", value)
    writer.add_name("made here")
    writer.add_float32(f"{architecture}.rope.freq_base", 10_000.0)
    writer.add_array("tokenizer.ggml.tokens", [f"token {i} é" for i in range(tokens)])
    writer.add_array("tokenizer.ggml.scores", [float(i) for i in range(tokens)])
    writer.add_bool("tokenizer.ggml.add_bos_token", True)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return file.read_bytes()


@pytest.mark.parametrize("name", KNOWN)
def test_the_header_of_a_known_model_is_its_preset(tmp_path, name):
    read, known = from_config(read_gguf(written(tmp_path, *KNOWN[name]))), PRESETS[name]
    assert read.layer_schedule == known.layer_schedule
    assert read.heads == known.heads
    assert (read.nope_layers, read.sink_logits) == (known.nope_layers, known.sink_logits)
    assert read.shared_kv_layers == known.shared_kv_layers


def test_llama_cpp_counts_in_its_own_way(tmp_path):
    keys = sizes(6, 64, [4, 8, 8, 8, 8, 4], 192, 4096, sliding_window=128)
    keys["attention.sliding_window_pattern"] = [False, True, True, True, True, False]
    reading = read_preset(read_gguf(written(tmp_path, "mimo2", keys)))
    layers = reading.preset.layer_schedule
    assert layers == (Causal(), *[SlidingWindow(128)] * 4, Causal())
    assert [heads.n_kv_heads for heads in reading.preset.heads] == [4, 8, 8, 8, 8, 4]
    assert (reading.convention, reading.window) == ("llama_cpp", 128)
    key = "mimo2.attention.sliding_window_pattern"
    assert [each for each in reading.decided if each.key == key]


def test_a_window_of_0_is_none(tmp_path):
    keys = sizes(4, 8, 8, 16, 512, sliding_window=0)
    assert set(from_config(read_gguf(written(tmp_path, "phi3", keys))).layer_schedule) == {Causal()}


def test_llama_4_keeps_its_chunks(tmp_path):
    read = from_config(read_gguf(written(tmp_path, "llama4", sizes(8, 40, 8, 128, 9999))))
    assert read.layer_schedule == (*[Chunked(8192)] * 3, Causal()) * 2
    assert read.nope_layers == (3, 7)


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path):
    data = written(tmp_path, *KNOWN["gemma-3-1b"], tokens=50_000)
    whole = read_preset(read_gguf(data))
    assert read_preset(read_gguf(data[:2000])) == whole
    for length in range(0, 700, 7):
        try:
            read_preset(read_gguf(data[:length]))
        except ValueError as error:
            assert "\n" not in str(error)


def test_a_long_vocabulary_is_passed_over_at_once(tmp_path):
    data = written(tmp_path, *KNOWN["gemma-3-1b"], tokens=100_000)
    start = time.thread_time()
    found = read_gguf(data)
    assert time.thread_time() - start < 3
    assert "tokenizer.ggml.tokens" not in found and "tokenizer.ggml.scores" not in found
    assert found["gemma3.block_count"] == 26


def pair(key: bytes, kind: int, value: bytes) -> bytes:
    """A key and a value, as bytes."""
    return struct.pack("<Q", len(key)) + key + struct.pack("<I", kind) + value


def file_of(*pairs: bytes, version: int = 3, count: int | None = None) -> bytes:
    """A file by hand."""
    count = len(pairs) if count is None else count
    return b"GGUF" + struct.pack("<IQQ", version, 0, count) + b"".join(pairs)


NAMED = pair(b"general.architecture", 8, struct.pack("<Q", 5) + b"llama")
HUGE = 2**63
REFUSED = {
    "nothing": (b"", "the file is no GGUF"),
    "another file": (b"PK\x03\x04" * 99, "the file is no GGUF"),
    "only its name": (b"GGUF", "ends before it says general.architecture"),
    "an old version": (file_of(NAMED, version=1), "another version than 2 or 3"),
    "turned around": (b"GGUF" + struct.pack(">IQQ", 3, 0, 1) + NAMED, "or not little-endian"),
    "no keys": (file_of(count=0), "ends before it says general.architecture"),
    "more keys than there are": (file_of(NAMED, count=HUGE), "does not say llama.block_count"),
    "a text without end": (
        file_of(NAMED, pair(b"x", 8, struct.pack("<Q", HUGE))),
        "does not say llama.block_count",
    ),
    "a list without end": (
        file_of(NAMED, pair(b"x", 9, struct.pack("<IQ", 4, HUGE))),
        "does not say llama.block_count",
    ),
    "a list of texts without end": (
        file_of(NAMED, pair(b"x", 9, struct.pack("<IQ", 8, HUGE))),
        "does not say llama.block_count",
    ),
    "a list of lists": (
        file_of(NAMED, pair(b"x", 9, struct.pack("<IQ", 9, 1) * 50)),
        "lists of lists",
    ),
    "an unknown type": (file_of(NAMED, pair(b"x", 77, b"")), "the unknown type 77"),
    "a list of an unknown type": (
        file_of(NAMED, pair(b"x", 9, struct.pack("<IQ", 77, 5))),
        "the unknown type 77",
    ),
    "another architecture": (
        file_of(pair(b"general.architecture", 8, struct.pack("<Q", 4) + b"rwkv")),
        'GGUF files of the architecture "rwkv" cannot be read here; those of afmoe, ',
    ),
    "an architecture that is a number": (
        file_of(pair(b"general.architecture", 4, struct.pack("<I", 4))),
        "ends before it says general.architecture",
    ),
    "an architecture too long to be one": (
        file_of(pair(b"general.architecture", 8, struct.pack("<Q", 201) + b"x" * 201)),
        "ends before it says general.architecture",
    ),
    "layers that are a text": (
        file_of(NAMED, pair(b"llama.block_count", 8, struct.pack("<Q", 2) + b"\xff\n")),
        'llama.block_count must be a whole number from 1 to 1,000, but it is "??"',
    ),
    "no number": (
        file_of(NAMED, pair(b"llama.block_count", 12, struct.pack("<d", float("nan")))),
        "but it is no number",
    ),
}


@pytest.mark.parametrize("broken", REFUSED)
def test_a_broken_header_is_refused_in_one_sentence(broken):
    data, sentence = REFUSED[broken]
    start = time.thread_time()
    with pytest.raises(ValueError) as caught:
        read_preset(read_gguf(data))
    assert sentence in str(caught.value) and time.thread_time() - start < 1


IN_JAVASCRIPT = """
import { readdirSync, readFileSync } from "node:fs";
import { readPreset } from "./presets/config_reader.js";
import { readGguf } from "./presets/gguf_header.js";
const patterns = readdirSync("patterns").filter((file) => file.endsWith(".js"));
for (const file of patterns) await import(`./patterns/${file}`);
const { facts, files } = JSON.parse(readFileSync(0, "utf8"));
const answers = files.map((file) => {
  try {
    return readPreset(readGguf(new Uint8Array(Buffer.from(file, "base64"))), facts);
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(answers));
"""


def test_javascript_reads_every_header_the_same(tmp_path):
    files = [written(tmp_path, *known) for known in KNOWN.values()]
    named = [family["gguf"] for family in FAMILIES.values() if "gguf" in family]
    more = sizes(6, 8, 2, 16, 512, sliding_window=9)
    files += [written(tmp_path, name, keys, 3) for name in named for keys in (more, {})]
    files += [written(tmp_path, name, more | {"attention.sliding_window": 0}, 3) for name in named]
    files += [files[0][:length] for length in range(0, 700, 7)]
    files += [data for data, _ in REFUSED.values()]
    sent = [base64.b64encode(data).decode() for data in files]
    found = subprocess.run(
        ["node", "--input-type=module", "--eval", IN_JAVASCRIPT],
        input=json.dumps({"facts": config_facts(), "files": sent}),
        **{"cwd": PACKAGE, "capture_output": True, "text": True, "check": True},
    )
    for data, answer in zip(files, json.loads(found.stdout), strict=True):
        assert answer == plain_reading(lambda data=data: read_gguf(data))
