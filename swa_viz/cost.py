"""What attention costs: score pairs, arithmetic, and the bytes that must be remembered.

The only place where a cost formula is written.  Everything follows from two counts: how many keys
each query reads (the work), and how many tokens a layer must keep to answer later (the memory).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from swa_viz.patterns import Causal, Kept, Pattern, PerHead, whole_number
from swa_viz.presets import LayerHeads, ModelPreset

Schedule = Sequence[Pattern | PerHead]
# llama.cpp reads prompts in batches of so many tokens (n_ubatch), and reserves in such steps.
LLAMA_CPP_BATCH, LLAMA_CPP_STEP = 512, 256
VLLM_PAGE = 16  # tokens


def as_schedule(layers: Pattern | Schedule) -> tuple[Pattern | PerHead, ...]:
    """One pattern is a schedule of one layer."""
    return (layers,) if isinstance(layers, Pattern | PerHead) else tuple(layers)


def sizes(**named: int) -> Iterator[int]:
    """The same numbers, once each of them is a whole number of at least 1."""
    return (whole_number(size, name, at_least=1) for name, size in named.items())


def keys_per_query(pattern: Pattern, q_len: int, kv_len: int) -> np.ndarray:
    """How many keys each query reads.

    >>> from swa_viz.patterns import SlidingWindow
    >>> keys_per_query(SlidingWindow(3), 5, 5)
    array([1, 2, 3, 3, 3])

    Raises ValueError if the lengths are not 1 <= q_len <= kv_len, and for `PerHead`, whose heads
    read different numbers of keys.
    """
    if isinstance(pattern, PerHead):
        raise ValueError("the heads of PerHead read different numbers of keys: count each pattern")
    q_len, kv_len = sizes(q_len=q_len, kv_len=kv_len)
    if q_len > kv_len:
        raise ValueError(f"q_len must be at most kv_len ({kv_len}), but it is {q_len}")
    return pattern.keys_per_query(np.arange(kv_len - q_len, kv_len), kv_len)


def score_pairs(layers: Pattern | Schedule, q_len: int, kv_len: int | None = None) -> int:
    """How many (query, key) pairs are scored, in one layer or in all layers of a schedule.

    The queries are the last `q_len` of `kv_len` positions; all of them if `kv_len` is left out.
    For a sliding window and N >= W this is N * W - W * (W - 1) / 2; for full causal attention
    N * (N + 1) / 2.

    >>> from swa_viz.patterns import SlidingWindow
    >>> score_pairs(SlidingWindow(3), 5), score_pairs(Causal(), 5)
    (12, 15)
    """
    kv_len = q_len if kv_len is None else kv_len
    return sum(int(keys_per_query(p, q_len, kv_len).sum()) for p in as_schedule(layers))


def saving(layers: Pattern | Schedule, seq_len: int) -> float:
    """How many times fewer pairs than full causal attention: the speed-up that counting predicts.

    For a text much longer than the window this tends to N / (2 W), not to N / W.

    >>> from swa_viz.patterns import SlidingWindow
    >>> round(saving(SlidingWindow(4096), 16_384), 2)
    2.29

    Raises ValueError for no layers.
    """
    schedule = as_schedule(layers)
    if not schedule:
        raise ValueError("no layers read no pairs: there is nothing to compare")
    return len(schedule) * score_pairs(Causal(), seq_len) / score_pairs(schedule, seq_len)


def attention_flops(n_pairs: float | int, n_heads: int, head_dim: int) -> float | int:
    """Multiplications and additions of attention over so many score pairs of each head.

    Per pair and head there is one dot product for the score and one scaled sum for the output,
    each of `head_dim` multiplications and as many additions.
    """
    n_heads, head_dim = sizes(n_heads=n_heads, head_dim=head_dim)
    return 4 * n_heads * head_dim * n_pairs


def model_pairs(preset: ModelPreset, seq_len: int) -> int:
    """The score pairs of a whole text in all layers and all query heads of a model."""
    return sum(pairs * heads.n_heads for pairs, heads in pairs_by_layer(preset, seq_len))


def model_flops(preset: ModelPreset, seq_len: int) -> int:
    """Multiplications and additions of attention over a whole text, in all layers of a model.

    A score is a product over the keys' width, and the output a sum over the values' width.
    """
    return sum(
        2 * pairs * heads.n_heads * (heads.head_dim + heads.value_dim)
        for pairs, heads in pairs_by_layer(preset, seq_len)
    )


def pairs_by_layer(preset: ModelPreset, seq_len: int) -> list[tuple[int, LayerHeads]]:
    """The score pairs of one head in each layer, beside the heads that the layer has."""
    pairs = {pattern: score_pairs(pattern, seq_len) for pattern in set(preset.layer_schedule)}
    return [(pairs[p], h) for p, h in zip(preset.layer_schedule, preset.heads, strict=True)]


def score_bytes(pattern: Pattern, seq_len: int, n_heads: int, bytes_per_element: int = 4) -> int:
    """The scores of all visible pairs of one layer, if they were written down.

    A fused kernel never holds more than a tile of them.

    >>> score_bytes(Causal(), 16_384, n_heads=8) / 2**30    # 8 heads * 134 million pairs * 4 bytes
    4.000244140625
    """
    n_heads, bytes_per_element = sizes(n_heads=n_heads, bytes_per_element=bytes_per_element)
    return bytes_per_element * n_heads * score_pairs(pattern, seq_len)


def output_bytes(seq_len: int, n_heads: int, head_dim: int, bytes_per_element: int = 4) -> int:
    """What attention gives back: one number per token, head and feature."""
    seq_len = whole_number(seq_len, "seq_len", at_least=0)
    n_heads, head_dim = sizes(n_heads=n_heads, head_dim=head_dim)
    (bytes_per_element,) = sizes(bytes_per_element=bytes_per_element)
    return bytes_per_element * seq_len * n_heads * head_dim


def kept_tokens(pattern: Pattern | PerHead) -> Kept:
    """What a layer with this pattern must keep while text is generated.

    Raises ValueError for a pattern that looks ahead: it would need tokens that do not exist yet.
    """
    if not pattern.causal:
        raise ValueError(
            f"there is no cache for {pattern.label!r} ({pattern!r}): it reads tokens after the "
            f"query, and while text is generated those do not exist yet"
        )
    return pattern.kept


def kv_cache_bytes(
    model: ModelPreset | Pattern | Schedule,
    seq_len: int,
    bytes_per_element: int = 2,
    *,
    n_kv_heads: int | None = None,
    head_dim: int | None = None,
) -> int:
    """The keys and values that all layers hold after `seq_len` tokens, in bytes.

    A lower bound: some engines reserve full pages for every layer.  Two bytes per number is
    bfloat16 or float16.  A preset knows its heads; a bare schedule is given them.

    >>> from swa_viz.patterns import SlidingWindow
    >>> kv_cache_bytes([SlidingWindow(4096)] * 32, 32_768, n_kv_heads=8, head_dim=128) / 2**30
    0.5

    Raises ValueError for a pattern that looks ahead, and for heads that are not known or none.
    """
    seq_len = whole_number(seq_len, "seq_len", at_least=0)
    (bytes_per_element,) = sizes(bytes_per_element=bytes_per_element)
    if isinstance(model, ModelPreset):
        return bytes_per_element * sum(
            kept.count(seq_len) * numbers for kept, numbers in stored_by_layer(model)
        )
    if n_kv_heads is None or head_dim is None:
        raise ValueError("a bare schedule needs n_kv_heads and head_dim; a ModelPreset knows them")
    n_kv_heads, head_dim = sizes(n_kv_heads=n_kv_heads, head_dim=head_dim)
    tokens = sum(kept_tokens(pattern).count(seq_len) for pattern in as_schedule(model))
    return 2 * bytes_per_element * tokens * n_kv_heads * head_dim


def stored_by_layer(preset: ModelPreset) -> list[tuple[Kept, int]]:
    """For each layer that stores any: which tokens, and how many numbers of each.

    A layer that reads an earlier layer's keys and values stores none of its own.
    """
    return [
        (kept_tokens(pattern), heads.n_kv_heads * (heads.head_dim + heads.value_dim))
        for i, (pattern, heads) in enumerate(zip(preset.layer_schedule, preset.heads, strict=True))
        if i not in preset.shared_kv_layers
    ]


def rounded_up(number: int, step: int) -> int:
    """The next multiple of `step`."""
    return -(-number // step) * step


def llama_cpp_bytes(
    preset: ModelPreset, seq_len: int, n_sequences: int = 1, bytes_per_element: int = 2
) -> int:
    """What llama.cpp reserves for so many sequences of up to `seq_len` tokens.

    A layer with a window gets W cells and room for the 512 tokens that are read at once, a full
    layer a cell for each token; both in steps of 256.  For W = 512 that is the known rule
    min(2 W, n_ctx, n_ctx / parallel).  It is reserved at the start, however short the text is.
    After llama-kv-cache-iswa.cpp, without a unified cache.
    """
    seq_len = whole_number(seq_len, "seq_len", at_least=0)
    n_sequences, bytes_per_element = sizes(
        n_sequences=n_sequences, bytes_per_element=bytes_per_element
    )
    full, cells = rounded_up(seq_len, LLAMA_CPP_STEP), 0
    for kept, numbers in stored_by_layer(preset):
        window = full if kept.latest is None else min(full, kept.latest + LLAMA_CPP_BATCH)
        cells += rounded_up(window, LLAMA_CPP_STEP) * numbers
    return n_sequences * bytes_per_element * cells


def vllm_bytes(
    preset: ModelPreset, seq_len: int, n_sequences: int = 1, bytes_per_element: int = 2
) -> int:
    """What vLLM holds for so many sequences of `seq_len` tokens, in whole pages.

    Layers that keep the same tokens and numbers form groups, each as large as the rarest kind of
    layer is numerous; what a last group lacks is filled with layers that nobody uses.  All groups
    take pages of one size from one pool: 16 tokens of the widest layer, for every layer of a group.
    After vLLM's design document of its hybrid KV cache manager, once the prompt has been read.
    """
    seq_len = whole_number(seq_len, "seq_len", at_least=0)
    n_sequences, bytes_per_element = sizes(
        n_sequences=n_sequences, bytes_per_element=bytes_per_element
    )
    kinds = Counter(stored_by_layer(preset))
    group, widest = min(kinds.values()), max(numbers for _, numbers in kinds)
    n_pages = 0
    for (kept, numbers), n_layers in kinds.items():
        tokens = VLLM_PAGE * widest // numbers
        first = 0 if kept.latest is None else max(0, seq_len - kept.latest) // tokens
        n_pages += rounded_up(n_layers, group) * (-(-seq_len // tokens) - first)
    return n_sequences * bytes_per_element * n_pages * VLLM_PAGE * widest
