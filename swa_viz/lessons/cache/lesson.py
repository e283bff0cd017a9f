"""What must a model remember while it writes, and what does that cost its user?"""

from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.request_plan import RequestPlan
from swa_viz.lessons.cache.examples import examples_payload
from swa_viz.lessons.lesson import DEFAULT_MODEL, Card, Lesson, LightFile
from swa_viz.lessons.questions import question_knobs
from swa_viz.patterns.schedule import LAYER_WORDS
from swa_viz.timing.decoding import stored_decoding
from swa_viz.web.knobs import ChoiceKnob, LettersKnob, ModelKnob, NumberKnob, TextKnob

TEXT = "When the storm reached the island, the old man took his boat and went down to the sea"

# How the text goes on; shares are in hundredths.
WRITING = {
    "new_tokens": NumberKnob("New tokens", 24, 1, 64, "tokens"),
    "temperature": NumberKnob("Temperature", 80, 0, 200),
    "top_k": NumberKnob("Top k", 40, 0, 100, "tokens"),
    "top_p": NumberKnob("Top p", 95, 1, 100),
    "write_seed": NumberKnob("Seed", 1, 1, 9999),
    "stop": TextKnob("Stop before", "", 20),
}

# How the cards about costs are set: they count, and ask no model.
COSTS = {
    "drafted": NumberKnob("Drafted tokens rejected k", 3, 1, 8, "tokens"),
    "spare": NumberKnob("More slots in the ring", 2, 0, 8, "slots"),
    "held": NumberKnob("Tokens in the cache n", 8192, 16, 131_072, "tokens"),
    "ring": NumberKnob("The model's window W", 1024, 1, 16_384, "keys"),
    "edited": NumberKnob("The edit stands at", 75, 0, 100, "% of the text"),
    "copies": NumberKnob("A copy of the ring every m", 2048, 0, 16_384, "tokens"),
    "talks": NumberKnob("Conversations", 4, 1, 16),
    "turns": NumberKnob("Turns of each", 8, 2, 24),
    "added": NumberKnob("Tokens per turn", 512, 1, 4096, "tokens"),
    "taken": NumberKnob("Taken back after a turn", 64, 0, 1024, "tokens"),
    "pool": NumberKnob("Pool, per layer", 12_288, 1, 131_072, "tokens"),
}

LESSON = Lesson(
    name="cache",
    title="What must be remembered?",
    lead="A new token reads the keys of earlier ones, so a model keeps them. With a window of W, "
    "W slots are enough.",
    paragraphs=(
        "Every layer keeps a key and a value for each token that it may still read. Positions "
        "count from 0, and with a window **position i lives in slot i mod W**: it takes the place "
        "of position i − W, which has just left the window. The order of the slots does not "
        "matter, because keys are stored with the rotation of their own position.",
        "Full attention forgets nothing, so its cache grows with the text. In a stack of mixed "
        "layers only the windows save memory. A smaller cache also has a price: what has been "
        "overwritten cannot be taken back, and must be computed again.",
        "Programs count the slots differently, and are right: some keep W − 1 keys before a step "
        "and have W during it, others keep more than W. A stream may go on for ever in a ring; a "
        "model that was trained with full attention then needs its first tokens too, as sinks.",
        "The bytes on this page are those of float32 numbers, 4 bytes each, in which this model "
        "computes. Most engines keep keys and values in 2 bytes, and need half as much.",
        "The model shown is `{name}`. {trained}",
    ),
    formula=r"\mathrm{slot}(i) = i \bmod W"
    "\n"
    r"\mathrm{bytes} = 2\, b \sum_{l=1}^{L} \min(W_l, N)\; n_{\mathrm{kv}}\; d",
    code=(
        "swa_viz.slots:slot_of",
        "swa_viz.slots:evicted_by",
        "swa_viz.recompute:resume_at",
    ),
    sources=(
        "A cache of W slots, position i in slot i mod W: "
        "[Mistral 7B, arXiv 2310.06825](https://arxiv.org/abs/2310.06825), section 2",
        "Smaller is not always faster. Quoted, not measured here: 63 tokens per second with a "
        "window against 72 without, for 0.63 against 1.54 GB, in "
        "[LLMs from scratch, ch04/06](https://github.com/rasbt/LLMs-from-scratch/tree/main/ch04/06_swa)",
        "Rejected tokens cannot be taken out of a ring: "
        "[mlx-lm 980](https://github.com/ml-explore/mlx-lm/issues/980); `crop` in "
        "[transformers](https://github.com/huggingface/transformers/blob/main/src/transformers/cache_utils.py)",
        "Copies of the windows' caches, so that a prompt can be used again: "
        "[llama.cpp 15293](https://github.com/ggml-org/llama.cpp/pull/15293), "
        "[sglang 26218](https://github.com/sgl-project/sglang/pull/26218)",
        "Reuse that ends when the pool fills: "
        "[vLLM 48435](https://github.com/vllm-project/vllm/issues/48435)",
    ),
    card=Card("W slots are enough for a text of any length.", "ring"),
    knobs={
        "text": TextKnob("Your text", TEXT, MAX_TEXT),
        "window": NumberKnob("Window W", 6, 1, "tokens", "keys"),
        "token": NumberKnob("Step", 0, 0, "tokens"),
        "keys": ChoiceKnob("Earlier keys", "cached", {"anew": "no cache", "cached": "cache"}),
        "schedule": LettersKnob("Layers", "w", LAYER_WORDS, "n_layers", "tokens"),
        "sinks": NumberKnob("Sink tokens S", 0, 0, 4),
        "model": ModelKnob("Model", DEFAULT_MODEL),
        "layer": NumberKnob("Layer", 1, 1, "n_layers"),
        **WRITING,
        "chunk": NumberKnob("Chunk C", 4, 1, 64, "tokens"),
        **COSTS,
        **question_knobs("slot", "evicts", "holds", "again"),
    },
    requests=(
        RequestPlan(schedule="full"),
        RequestPlan(),
        RequestPlan("generate", on_demand=True),
        RequestPlan("generate", "full", on_demand=True),
        RequestPlan("prefill", on_demand=True),
    ),
    light=LightFile(views=("token", "keys", "layer", "chunk", *COSTS, "ask", "seed")),
    extra={"examples": examples_payload(), "pace": stored_decoding()},
)
