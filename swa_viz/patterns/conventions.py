"""What other programs mean by their window number.

The same number reads one key more or less in different libraries, or twice as many in encoders.
`from_convention` turns a row of this table and a number into a pattern.
"""

from dataclasses import dataclass

from swa_viz.patterns.centred import CentredWindow
from swa_viz.patterns.chunked import Chunked
from swa_viz.patterns.pattern import LARGEST, Pattern, whole_number
from swa_viz.patterns.sliding import SlidingWindow


@dataclass(frozen=True)
class Convention:
    """What another program means by its window number w, and where that is written.

    `label` names the program in a menu, `url` is the page of that source, `kind` is that of our
    pattern.  The number of a "centred" window counts on each side, and one that `rounds_down` may
    be odd although it is split into two sides.
    """

    label: str
    says: str
    source: str
    url: str
    kind: str = "sliding"
    n_per_unit: int = 1
    extra_keys: int = 0
    rounds_down: bool = False


GITHUB = "https://github.com"
TRANSFORMERS = f"{GITHUB}/huggingface/transformers/blob/main/src/transformers"

MISTRAL = f"{GITHUB}/mistralai/mistral-inference/blob/c18d5b9166ffa16ce58827346ed56a28d2876e7e"

CONVENTIONS: dict[str, Convention] = {
    # They read w keys.
    "transformers": Convention(
        "transformers",
        "kv ≤ q and kv > q − w",
        "transformers, masking_utils.py",
        f"{TRANSFORMERS}/masking_utils.py",
    ),
    "xformers": Convention(
        "xFormers",
        "tril & triu(1 − w)",
        "xFormers, make_local_attention",
        f"{GITHUB}/facebookresearch/xformers/blob/main/xformers/ops/fmha/attn_bias.py",
    ),
    "vllm": Convention(
        "vLLM",
        "window_size=(w − 1, 0)",
        "vLLM, FlashAttention backend",
        f"{GITHUB}/vllm-project/vllm/blob/main/vllm/v1/attention/backends/flash_attn.py",
    ),
    "onnxruntime": Convention(
        "ONNX Runtime",
        "local_window_size=w",
        "ONNX Runtime, GroupQueryAttention",
        f"{GITHUB}/microsoft/onnxruntime/blob/main/docs/ContribOperators.md",
    ),
    "llama_cpp": Convention(
        "llama.cpp",
        "hides q − kv ≥ w",
        "llama.cpp, llama-hparams.h",
        f"{GITHUB}/ggml-org/llama.cpp/blob/master/src/llama-hparams.h",
    ),
    "gpt_oss": Convention(
        "gpt-oss",
        "hides tril(−w)",
        "gpt-oss, torch/model.py",
        f"{GITHUB}/openai/gpt-oss/blob/main/gpt_oss/torch/model.py",
    ),
    "gemma": Convention(
        "Gemma in JAX",
        "k > q − w and causal",
        "Gemma in JAX, _modules.py",
        f"{GITHUB}/google-deepmind/gemma/blob/main/gemma/gm/nn/_modules.py",
    ),
    "kolibri": Convention(
        "Kolibri-1, Flint",
        "w − 1 before it, and itself",
        "Kolibri-1 and Flint, sliding_window: 513",
        f"{TRANSFORMERS}/models/kolibri1/configuration_kolibri1.py",
    ),
    # They read one more: the query is not counted.
    "flash_attention": Convention(
        "FlashAttention",
        "window_size=(w, 0)",
        "FlashAttention README",
        f"{GITHUB}/Dao-AILab/flash-attention/blob/main/README.md",
        extra_keys=1,
    ),
    "flex_attention": Convention(
        "FlexAttention",
        "q − kv ≤ w",
        "FlexAttention blog, attention-gym",
        "https://pytorch.org/blog/flexattention/",
        extra_keys=1,
    ),
    "mistral_readme": Convention(
        "Mistral's README",
        "at most w tokens in the past",
        "Mistral README, in prose",
        f"{MISTRAL}/README.md",
        extra_keys=1,
    ),
    "mistral_one_file": Convention(
        "Mistral's one-file reference",
        "triu(diagonal=−w) in prefill",
        "Mistral, one_file_ref.py",
        f"{MISTRAL}/one_file_ref.py",
        extra_keys=1,
    ),
    "transformers_before_2025_08": Convention(
        "transformers before August 2025",
        "(w, w) and causal",
        "transformers with FlashAttention-2, PR 40163",
        f"{GITHUB}/huggingface/transformers/pull/40163",
        extra_keys=1,
    ),
    "sglang": Convention(
        "SGLang, MiMo-V2",
        "w before it, and itself",
        "SGLang and MiMo-V2, sliding_window_size",
        f"{TRANSFORMERS}/models/mimo_v2_flash/configuration_mimo_v2_flash.py",
        extra_keys=1,
    ),
    "nanochat": Convention(
        "nanochat",
        "(w, 0), w from the context",
        "nanochat, gpt.py, window_pattern",
        f"{GITHUB}/karpathy/nanochat/blob/master/nanochat/gpt.py",
        extra_keys=1,
    ),
    "lucidrains": Convention(
        "local-attention",
        "masks q > k + w",
        "local-attention, exact_windowsize=True",
        f"{GITHUB}/lucidrains/local-attention/blob/master/local_attention/local_attention.py",
        extra_keys=1,
    ),
    # It reads the keys of its chunk: 1 at the chunk's start, w at its end.
    "llama4": Convention(
        "Llama 4",
        "⌊k / w⌋ = ⌊q / w⌋ and causal",
        "transformers, attention_chunk_size",
        f"{TRANSFORMERS}/models/llama4/configuration_llama4.py",
        kind="chunked",
    ),
    # They read on both sides, in encoders.
    "longformer": Convention(
        "Longformer in transformers",
        "w / 2 each side",
        "transformers, attention_window",
        f"{TRANSFORMERS}/models/longformer/configuration_longformer.py",
        kind="centred",
        n_per_unit=2,
    ),
    "modernbert": Convention(
        "ModernBERT",
        "|age| ≤ w / 2",
        "ModernBERT, local_attention",
        f"{TRANSFORMERS}/models/modernbert/configuration_modernbert.py",
        kind="centred",
        n_per_unit=2,
    ),
    "gemma_bidirectional": Convention(
        "Gemma, in both directions",
        "|age| < ⌊w / 2⌋ + 1",
        "Gemma 3 and 4, use_bidirectional_attention",
        f"{TRANSFORMERS}/models/gemma4/configuration_gemma4.py",
        kind="centred",
        n_per_unit=2,
        rounds_down=True,
    ),
    "keras": Convention(
        "Keras",
        "|age| < w",
        "Keras, GroupedQueryAttention",
        f"{GITHUB}/keras-team/keras/blob/master/keras/src/layers/attention/grouped_query_attention.py",
        kind="centred",
        extra_keys=-1,
    ),
    "longformer_original": Convention(
        "Longformer, original",
        "w each side",
        "Longformer, original code",
        f"{GITHUB}/allenai/longformer/blob/master/longformer/longformer.py",
        kind="centred",
    ),
    "bidirectional": Convention(
        "transformers, in both directions",
        "|q − kv| ≤ w",
        "transformers, bidirectional overlay",
        f"{TRANSFORMERS}/masking_utils.py",
        kind="centred",
    ),
    "embedding_gemma2": Convention(
        "EmbeddingGemma 2",
        "|age| ≤ w",
        "EmbeddingGemma 2 and UltraBERT",
        f"{TRANSFORMERS}/models/embedding_gemma2/modeling_embedding_gemma2.py",
        kind="centred",
    ),
}


def from_convention(number: int, convention: str) -> Pattern:
    """Translate another program's window number into a pattern.

    >>> from_convention(8, "flash_attention")        # (8, 0) reads the query and 8 keys before it
    SlidingWindow(window_size=9)

    Raises ValueError for an unknown convention, a number below 1 (several programs use 0 or -1 for
    "no window": say `Causal()` instead) and, where it is split into two sides, an odd one.
    """
    if convention not in CONVENTIONS:
        known = ", ".join(CONVENTIONS)
        raise ValueError(f"unknown convention {convention!r}; known are {known}")
    entry = CONVENTIONS[convention]
    number = whole_number(
        number, f"the window number of {convention}", 1, LARGEST - max(entry.extra_keys, 0)
    )
    if number % entry.n_per_unit and not entry.rounds_down:
        raise ValueError(
            f"{convention} splits its window number in two, so it must be even: {number}"
        )
    if entry.kind == "centred":
        return CentredWindow(number // entry.n_per_unit + entry.extra_keys)
    return {"sliding": SlidingWindow, "chunked": Chunked}[entry.kind](number + entry.extra_keys)
