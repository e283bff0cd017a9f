"""The lines for other programs: run where a processor is enough, and their masks are ours."""

import json
import subprocess
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from torch.nn.attention.flex_attention import create_block_mask, create_mask
from transformers import Llama4TextConfig, MistralConfig, ModernBertConfig, masking_utils
from xformers.ops.fmha import attn_bias

from swa_viz.patterns import (
    CONVENTIONS,
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
    build_mask,
)
from swa_viz.patterns.engines import ENGINES, engine_lines
from swa_viz.presets import PRESETS
from swa_viz.presets.which_window import stated_window, which_window

PACKAGE = Path(__file__).parent.parent / "swa_viz"
N = 24
# These programs refuse odd numbers.
ODD = {name for name, row in CONVENTIONS.items() if row.n_per_unit > 1 and not row.rounds_down}
PATTERNS = [
    *(Causal(), SlidingWindow(1), SlidingWindow(2), SlidingWindow(7), SlidingWindow(40)),
    *(CentredWindow(1), CentredWindow(5), Chunked(4), SinkWindow(3, 2), DilatedWindow(3, 4)),
]


def config_mask(line: str) -> torch.Tensor:
    """The mask that transformers makes of a config once the line has changed it."""
    kind = {
        MistralConfig: "sliding_window_causal",
        ModernBertConfig: "bidirectional_sliding_window",
        Llama4TextConfig: "chunked_causal",
    }
    made = next(each for each in kind if line.endswith(each.__name__))
    config = made(num_hidden_layers=2)
    config._attn_implementation = "eager"
    exec(line, {"config": config})
    is_full = getattr(config, "sliding_window", 1) is None
    make = getattr(masking_utils, f"create_{'causal' if is_full else kind[made]}_mask")
    return make(config, torch.zeros(1, N, 8), attention_mask=None, **past_of(make))[0, 0] == 0


def past_of(make) -> dict:
    """That there is no cache, in the words of a function that asks."""
    return {"past_key_values": None} if "bidirectional" not in make.__name__ else {}


def flex_mask(line: str) -> torch.Tensor:
    """The mask of FlexAttention's own function, in every cell and not in blocks."""
    made = eval(line, {"create_block_mask": on_cpu, "n": N})
    return create_mask(made.mask_mod, None, None, N, N, device="cpu")[0, 0]


def on_cpu(*arguments):
    """`create_block_mask` as the line calls it, on the processor."""
    return create_block_mask(*arguments, device="cpu")


def flash_mask(line: str) -> torch.Tensor:
    """What FlashAttention documents: keys from i - left to i + right, and causal besides."""
    called = {}
    eval(
        line, {"q": 0, "k": 0, "v": 0, "flash_attn_func": lambda *_, **named: called.update(named)}
    )
    left, right = called.get("window_size", (-1, -1))
    age = torch.arange(N)[:, None] - torch.arange(N)
    seen = (age <= left) if left >= 0 else torch.ones(N, N, dtype=torch.bool)
    seen &= (age >= -right) if right >= 0 else True
    return seen & (age >= 0) if called.get("causal") else seen


def xformers_mask(line: str) -> torch.Tensor:
    """XFormers' mask, written out."""
    return eval(line, {"attn_bias": attn_bias}).materialize((N, N)) == 0


def onnx_mask(line: str) -> torch.Tensor:
    """Which values a node mixes: queries and keys are 0, and each value points at its own place."""
    names = {"inputs": ["q", "k", "v", "", "", "lengths", "total"], "outputs": ["out", "pk", "pv"]}
    node = eval(line, {"make_node": helper.make_node, "h": 1, "kv": 1, **names})

    def value(name: str, kind: int, *shape: int):
        return helper.make_tensor_value_info(name, kind, shape)

    wide = [value(name, TensorProto.FLOAT, 1, N, N) for name in ("q", "k", "v", "out")]
    cache = [value(name, TensorProto.FLOAT, 1, 1, N, N) for name in ("pk", "pv")]
    counts = [value(name, TensorProto.INT32, 1) for name in ("lengths", "total")]
    graph = helper.make_graph([node], "one", [*wide[:3], *counts], [wide[3], *cache])
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=9)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    zeros, eye = np.zeros((1, N, N), np.float32), np.eye(N, dtype=np.float32)[None]
    lengths, total = np.array([N - 1], np.int32), np.array([N], np.int32)
    fed = {"q": zeros, "k": zeros, "v": eye, "lengths": lengths, "total": total}
    return torch.tensor(session.run(["out"], fed)[0][0] > 0)


RUN = {
    "transformers": config_mask,
    "flex_attention": flex_mask,
    "xformers": xformers_mask,
    "onnxruntime": onnx_mask,
    "flash_attention": flash_mask,
}


@pytest.mark.parametrize("name", RUN)
def test_a_line_reads_exactly_our_keys(name):
    engine = next(engine for engine in ENGINES if engine["name"] == name)
    run = set()
    for pattern in PATTERNS:
        line = {each.name: each.line for each in engine_lines(pattern)}[name]
        assert bool(line) == (pattern.kind in engine["lines"])
        if line:
            run.add(pattern.kind)
            mask = RUN[name](line)
            assert torch.equal(mask, build_mask(pattern, N, N)), line
    assert run == set(engine["lines"])


def test_what_was_not_run_is_not_called_tried():
    tried = {engine["name"] for engine in ENGINES if engine["tried"]}
    assert tried == set(RUN) - {"flash_attention"}  # of that one only the documented rule is run


def test_every_number_of_a_line_is_filled_in():
    for pattern in PATTERNS:
        for each in engine_lines(pattern):
            assert "{" not in each.line.replace('{"sliding_window": ', "")
    words = {each.name: each.line for each in engine_lines(SlidingWindow(4096))}
    assert " gemma3.attention.sliding_window=int:4096 " in words["llama_cpp"]
    assert words["vllm"] == 'LLM(model, hf_overrides={"sliding_window": 4096})'
    assert not any(each.line for each in engine_lines(GlobalWindow(4, (0,))))


def test_which_window_counts_as_every_program_does():
    reads = {read.name: read for read in which_window(2047, "transformers")}
    assert reads["transformers"][2:4] == (2047, 0) and reads["vllm"][2:4] == (2047, 0)
    assert reads["transformers_before_2025_08"][1:4] == ("(2047, 2047) and causal", 2048, 1)
    assert "longformer" not in reads
    mimo = {read.name: read for read in which_window(128, "sglang")}
    assert mimo["sglang"][2:4] == (129, 0) and mimo["llama_cpp"][2:4] == (128, -1)
    encoders = {read.name: read for read in which_window(129, "bidirectional")}
    assert set(encoders) == {name for name, row in CONVENTIONS.items() if row.kind == "centred"}
    assert encoders["longformer"][2:] == (None, None, None)
    assert encoders["keras"].keys == 257


def test_a_preset_states_its_window():
    assert stated_window(PRESETS["gemma-3-1b"]) == (512, "transformers")
    assert stated_window(PRESETS["modernbert-base"]) == (128, "modernbert")
    assert stated_window(PRESETS["neomme-260m"]) == (256, "bidirectional")
    assert stated_window(PRESETS["mistral-7b-v0.2"]) is None


IN_JAVASCRIPT = """
import { readdirSync, readFileSync } from "node:fs";
import { engineLines } from "./patterns/engines.js";
import { statedWindow, whichWindow } from "./presets/which_window.js";
const files = readdirSync("patterns").filter((file) => file.endsWith(".js"));
for (const file of files) await import(`./patterns/${file}`);
const { patterns, engines, presets, numbers, conventions } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({
  lines: patterns.map((pattern) => engineLines(pattern, engines)),
  stated: presets.map(statedWindow),
  reads: numbers.map(([number, own]) => whichWindow(number, own, conventions)),
}));
"""


def test_javascript_says_the_same():
    numbers = [
        (n, own) for own in CONVENTIONS for n in (1, 2, 7, 2047) if n % 2 == 0 or own not in ODD
    ]
    sent = {
        "patterns": [pattern.to_plain() for pattern in [*PATTERNS, GlobalWindow(4, (0,))]],
        "engines": ENGINES,
        "presets": [preset.to_plain() for preset in PRESETS.values()],
        "numbers": numbers,
        "conventions": {name: vars(row) for name, row in CONVENTIONS.items()},
    }
    found = subprocess.run(
        ["node", "--input-type=module", "--eval", IN_JAVASCRIPT],
        input=json.dumps(sent),
        **{"cwd": PACKAGE, "capture_output": True, "text": True, "check": True},
    )
    said = json.loads(found.stdout)
    lines = [engine_lines(pattern) for pattern in [*PATTERNS, GlobalWindow(4, (0,))]]
    assert said["lines"] == [[each._asdict() for each in row] for row in lines]
    windows = [stated_window(preset) for preset in PRESETS.values()]
    assert said["stated"] == [w and {"number": w[0], "own": w[1]} for w in windows]
    for (number, own), rows in zip(numbers, said["reads"], strict=True):
        ours = [read._asdict() for read in which_window(number, own)]
        plain = [row | {"pattern": row["pattern"] and row["pattern"].to_plain()} for row in ours]
        assert [row | {"pattern": row["pattern"] and dict(row["pattern"])} for row in rows] == plain
