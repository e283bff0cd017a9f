"""What do real models do?  Their layers, their reach and what they must remember, two at a time."""

from swa_viz.lessons.lesson import Card, Lesson
from swa_viz.lessons.models.packed import packed
from swa_viz.patterns.engines import ENGINES
from swa_viz.presets import PRESETS
from swa_viz.presets.config_families import config_facts
from swa_viz.web.knobs import ChoiceKnob, NumberKnob

# The textbook example has no heads, so there is nothing of it to count.
MODELS = {name: preset for name, preset in PRESETS.items() if preset.n_heads is not None}
# The model of a file that the visitor opens: a link cannot bring it back, so it names the default.
OWN = "own"
LABELS = {**{name: preset.label for name, preset in MODELS.items()}, OWN: "your file"}
LONGEST = 2**20
# A file with a trap: a window is declared, and switched off.
EXAMPLE = """{
  "model_type": "qwen2",
  "hidden_size": 3584,
  "num_hidden_layers": 28,
  "num_attention_heads": 28,
  "num_key_value_heads": 4,
  "max_position_embeddings": 32768,
  "sliding_window": 131072,
  "use_sliding_window": false,
  "max_window_layers": 28
}"""

LESSON = Lesson(
    name="models",
    title="What do real models do?",
    lead="Choose two models and a length. See which of their layers have a window, how far they "
    "reach, and what they must keep in memory.",
    paragraphs=(
        "Few models have windows in all layers. Mistral 7B v0.1 had, and from v0.2 on it has none; "
        "how depth and positions carry information through windows is measured on *Layers*. Most "
        "**mix** windows with full layers: one window for each full layer (Gemma 2, gpt-oss), "
        "three (OLMo 3, Command R7B) or five (Gemma 3). One full layer is enough to bring all the "
        "text into reach; the windows around it save score pairs and memory.",
        "A **layer without positions** (NoPE) does not know how far away a key is. Some models "
        "leave positions out of their full layers, so that only windows care about order. A **sink "
        "logit** is a learned number that joins the softmax of a head, so that a head may give its "
        "attention to nobody.",
        "For a model that is not in the table, paste its config.json: the page says which of its "
        "keys decided. The order of layers is never a division. Layer *i* of Gemma 3, counted from "
        "0, is full if *i* + 1 is a multiple of six, so 26 layers have four full ones and end with "
        "two windows. A declared window may also be switched off, as in Qwen2.",
        "People also ask for models that have **no windows**: Ministral 3, Apertus, MiniMax M2, "
        "GLM-4 MoE, Seed-OSS and the released SmolLM3 read everything in every layer. Qwen3-Next, "
        "Kimi Linear and OLMo Hybrid put *linear* attention between their full layers, which is "
        "another way to forget.",
    ),
    formula=r"\mathrm{bytes} = b\,\sum_{l=1}^{L} \min(W_l, N)\cdot n^{kv}_l"
    r"\cdot (d^{\,key}_l + d^{\,value}_l)"
    "\n"
    r"\mathrm{FLOPs} = 2\,\sum_{l=1}^{L} \mathrm{pairs}(W_l, N)\cdot n^{heads}_l"
    r"\cdot (d^{\,key}_l + d^{\,value}_l)",
    code=(
        "swa_viz.cost:kv_cache_bytes",
        "swa_viz.cost:stored_by_layer",
        "swa_viz.cost:llama_cpp_bytes",
        "swa_viz.cost:vllm_bytes",
        "swa_viz.cost:model_flops",
    ),
    sources=(
        "Each model's numbers: the link in its row, in the table above",
        "llama.cpp's cells: [llama-kv-cache-iswa.cpp](https://github.com/ggml-org/llama.cpp/blob/"
        "master/src/llama-kv-cache-iswa.cpp); measured on Gemma 3 270M: "
        "[unsloth, pull request 5225](https://github.com/unslothai/unsloth/pull/5225)",
        "vLLM's pages: [Hybrid KV Cache Manager](https://docs.vllm.ai/en/latest/design/"
        "hybrid_kv_cache_manager/)",
        "Full layers without positions: [arXiv 2501.18795](https://arxiv.org/abs/2501.18795)",
    ),
    card=Card(f"{len(MODELS)} real models: their windows, their reach and their memory.", "layers"),
    knobs={
        "first": ChoiceKnob("First model", "mistral-7b-v0.1", LABELS),
        "second": ChoiceKnob("Second model", "gemma-3-1b", LABELS),
        "tokens": NumberKnob("Length of the text N", 32_768, 1, LONGEST, "tokens"),
        "sequences": NumberKnob("Texts at once", 1, 1, 512),
        "numbers": ChoiceKnob(
            "Numbers", "2", {"4": "float32", "2": "bfloat16", "1": "8 bits (FP8)"}
        ),
        "memory": NumberKnob("GPU memory", 24, 1, 1024, "GiB"),
        "taken": NumberKnob("Taken by parameters and the rest", 15, 0, 1024, "GiB"),
        "engine": ChoiceKnob(
            "Counted as",
            "least",
            {"least": "lower bound", "llama_cpp": "llama.cpp", "vllm": "vLLM"},
        ),
    },
    extra={
        "presets": {name: packed(preset) for name, preset in MODELS.items()},
        "config": config_facts(),
        "engines": ENGINES,
        "example": EXAMPLE,
    },
)
