"""Patterns: small pictures of every rule, and the same rule as ranges, counts and translations."""

import json
import sys

import numpy as np
import pytest

from swa_viz.patterns import (
    CONVENTIONS,
    PATTERNS,
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
    build_mask,
    from_convention,
    read_pattern,
)
from swa_viz.patterns.pattern import LARGEST
from tests import pattern_examples
from tests.pattern_examples import PICTURES

# The queries are the last of the positions: the lower rows of the square picture.
LAST_QUERIES = [
    (Causal(), 2, ["xxxx.", "xxxxx"]),
    (SlidingWindow(2), 2, ["..xx.", "...xx"]),
    (CentredWindow(1), 2, ["..xxx", "...xx"]),
    (SinkWindow(2, 1), 2, ["x.xx.", "x..xx"]),
    (GlobalWindow(1, (1,)), 3, [".xx..", ".x.x.", ".x..x"]),
    (DilatedWindow(2, 2), 1, ["..x.x"]),
    (Chunked(2), 3, ["..x..", "..xx.", "....x"]),
]
MORE = [
    SlidingWindow(7),
    CentredWindow(5),
    SinkWindow(4, 3),
    SinkWindow(3, 100),
    GlobalWindow(4, (0, 5, 12, 90)),
    GlobalWindow(7, (2, 3, 30), causal=False),
    DilatedWindow(4, 3),
    DilatedWindow(5, 7),
    Chunked(5),
]
EXAMPLES = [*pattern_examples.EXAMPLES, *MORE]
LENGTHS = [(1, 1), (3, 3), (1, 13), (13, 13), (31, 31), (5, 32), (31, 32), (16, 97)]


def drawn(mask):
    """A mask as the lines of its picture."""
    return ["".join("x" if may_read else "." for may_read in row) for row in mask.tolist()]


@pytest.mark.parametrize(("pattern", "picture"), PICTURES, ids=str)
def test_picture(pattern, picture):
    assert drawn(build_mask(pattern, len(picture), len(picture))) == picture


@pytest.mark.parametrize(("pattern", "q_len", "picture"), LAST_QUERIES, ids=str)
def test_queries_are_the_last_positions(pattern, q_len, picture):
    assert drawn(build_mask(pattern, q_len, 5)) == picture


def test_every_pattern_has_its_picture():
    assert {type(pattern) for pattern, _ in PICTURES} == set(PATTERNS.values())


@pytest.mark.parametrize("pattern", EXAMPLES, ids=str)
@pytest.mark.parametrize(("q_len", "kv_len"), LENGTHS)
def test_key_ranges_are_the_rule(pattern, q_len, kv_len):
    """Ranges name every visible key, once, and no key beyond the text; so do both ways to count."""
    times_named = np.zeros((q_len, kv_len), dtype=int)
    query_pos = np.arange(kv_len - q_len, kv_len)
    for start, stop, step in pattern.key_ranges(query_pos, kv_len):
        for row in range(q_len):
            keys = range(int(start[row]), int(stop[row]), step)
            assert all(0 <= key < kv_len for key in keys)
            times_named[row, list(keys)] += 1
    mask = build_mask(pattern, q_len, kv_len).numpy()
    assert (times_named == mask).all()
    assert (pattern.keys_per_query(query_pos, kv_len) == mask.sum(axis=1)).all()
    assert (pattern.read_by_any(query_pos, kv_len) == mask.any(axis=0)).all()


@pytest.mark.parametrize("pattern", EXAMPLES, ids=str)
def test_key_ranges_of_one_query(pattern):
    """A single position may be a plain number."""
    keys = {int(key) for start, stop, step in pattern.key_ranges(20, 32)
            for key in range(int(start), int(stop), step)}  # fmt: skip
    assert keys == {key for key in range(32) if pattern.visible(20, key)}


@pytest.mark.parametrize("pattern", EXAMPLES, ids=str)
def test_a_query_reads_itself(pattern):
    assert build_mask(pattern, 33, 33).diagonal().all()


@pytest.mark.parametrize("pattern", EXAMPLES, ids=str)
def test_only_encoders_look_ahead(pattern):
    looks_ahead = build_mask(pattern, 33, 33).triu(1).any()
    assert not (pattern.causal and looks_ahead)


@pytest.mark.parametrize("pattern", EXAMPLES, ids=str)
def test_a_pattern_is_a_value(pattern):
    assert {pattern: "found"}[type(pattern)(**vars(pattern))] == "found"
    assert PATTERNS[pattern.kind] is type(pattern) and pattern.label and pattern.rule


@pytest.mark.parametrize("pattern", EXAMPLES, ids=str)
def test_plain_data_and_back(pattern):
    plain = json.loads(json.dumps(pattern.to_plain()))
    assert read_pattern(plain) == pattern


# What each program writes down, as keys read in the interior at its number 8 (and then at 128).
KEYS_READ = {
    "transformers": (8, 128),
    "flash_attention": (9, 129),
    "flex_attention": (9, 129),
    "xformers": (8, 128),
    "vllm": (8, 128),
    "onnxruntime": (8, 128),
    "llama_cpp": (8, 128),
    "gpt_oss": (8, 128),
    "gemma": (8, 128),
    "kolibri": (8, 128),
    "mistral_readme": (9, 129),
    "mistral_one_file": (9, 129),
    "transformers_before_2025_08": (9, 129),
    "sglang": (9, 129),
    "nanochat": (9, 129),
    "lucidrains": (9, 129),
    "llama4": (5, 45),  # query 300 is the fifth of its chunk of 8
    "longformer": (9, 129),
    "longformer_original": (17, 257),
    "modernbert": (9, 129),
    "gemma_bidirectional": (9, 129),
    "bidirectional": (17, 257),
    "embedding_gemma2": (17, 257),
    "keras": (15, 255),
}
CENTRED = {
    *("longformer", "longformer_original", "modernbert", "gemma_bidirectional"),
    *("bidirectional", "embedding_gemma2", "keras"),
}


def test_every_convention_is_counted():
    assert set(KEYS_READ) == set(CONVENTIONS)


@pytest.mark.parametrize("convention", KEYS_READ)
def test_convention(convention):
    for number, keys_read in zip((8, 128), KEYS_READ[convention], strict=True):
        pattern = from_convention(number, convention)
        row = build_mask(pattern, 601, 601)[300]
        assert row.sum() == keys_read
        assert row[301:].sum() == (keys_read // 2 if convention in CENTRED else 0)


THEIR_RULES = {
    "transformers": lambda q, k: k <= q and k > q - 8,
    "flash_attention": lambda q, k: q - 8 <= k <= q + 0,
    "flex_attention": lambda q, k: q >= k and q - k <= 8,
    "xformers": lambda q, k: k - q <= 0 and k - q >= 1 - 8,
    "vllm": lambda q, k: q - (8 - 1) <= k <= q + 0,
    "onnxruntime": lambda q, k: k <= q and q - k < 8,
    "llama_cpp": lambda q, k: k <= q and not q - k >= 8,
    "gpt_oss": lambda q, k: not (k > q or k - q <= -8),
    "gemma": lambda q, k: k > q - 8 and k <= q,
    "kolibri": lambda q, k: q - (8 - 1) <= k <= q,
    "mistral_readme": lambda q, k: k <= q and q - k <= 8,
    "mistral_one_file": lambda q, k: k - q <= 0 and k - q >= -8,
    "transformers_before_2025_08": lambda q, k: q - 8 <= k <= q + 8 and k <= q,
    "sglang": lambda q, k: q - 8 <= k <= q,
    "nanochat": lambda q, k: q - 8 <= k <= q + 0,
    "lucidrains": lambda q, k: not (k > q or q > k + 8),
    "llama4": lambda q, k: k // 8 == q // 8 and k <= q,
    "longformer": lambda q, k: q - 4 <= k <= q + 4,
    "longformer_original": lambda q, k: q - 8 <= k <= q + 8,
    "modernbert": lambda q, k: abs(q - k) <= 8 // 2,
    "gemma_bidirectional": lambda q, k: abs(q - k) < 8 // 2 + 1,
    "bidirectional": lambda q, k: abs(q - k) <= 8,
    "embedding_gemma2": lambda q, k: abs(q - k) <= 8,
    "keras": lambda q, k: abs(q - k) < 8,
}


@pytest.mark.parametrize("convention", THEIR_RULES)
def test_convention_as_they_write_it(convention):
    theirs = [[THEIR_RULES[convention](q, k) for k in range(30)] for q in range(30)]
    assert build_mask(from_convention(8, convention), 30, 30).tolist() == theirs


def test_a_number_that_is_rounded_down_may_be_odd():
    assert from_convention(9, "gemma_bidirectional") == CentredWindow(4)
    assert from_convention(1, "keras") == CentredWindow(0)


REFUSED = [
    (lambda: SlidingWindow(0), "window_size must be a whole number of at least 1"),
    (lambda: SlidingWindow(-1), "window_size must be a whole number of at least 1"),
    (lambda: SlidingWindow(2.5), "window_size must be a whole number of at least 1"),
    (lambda: SlidingWindow("4"), "window_size must be a whole number of at least 1"),
    (lambda: SlidingWindow(True), "window_size must be a whole number of at least 1"),
    (lambda: SlidingWindow(None), "window_size must be a whole number of at least 1"),
    (lambda: CentredWindow(-1), "radius must be a whole number of at least 0"),
    (lambda: SinkWindow(0, 1), "window_size must be a whole number of at least 1"),
    (lambda: SinkWindow(4, -1), "n_sink_tokens must be a whole number of at least 0"),
    (lambda: GlobalWindow(0), "window_size must be a whole number of at least 1"),
    (lambda: GlobalWindow(4, (0,), causal=False), "must be odd .* use 5, or causal=True"),
    (lambda: GlobalWindow(4, (0,), causal="false"), "causal must be True or False, .* 'false'"),
    (lambda: GlobalWindow(5, (0,), causal=None), "causal must be True or False"),
    (lambda: GlobalWindow(4, (-1,)), "a global position must be a whole number of at least 0"),
    (lambda: GlobalWindow(4, 3), "global_positions must list positions"),
    (lambda: DilatedWindow(0, 2), "window_size must be a whole number of at least 1"),
    (lambda: DilatedWindow(4, 0), "dilation must be a whole number of at least 1"),
    (lambda: Chunked(0), "chunk_size must be a whole number of at least 1"),
    (lambda: build_mask(Causal(), 0, 3), "q_len must be a whole number of at least 1"),
    (lambda: build_mask(Causal(), 4, 3), r"q_len must be at most kv_len \(3\), but it is 4"),
    (lambda: from_convention(8, "mine"), "unknown convention 'mine'; known are transformers, "),
    (lambda: from_convention(0, "flash_attention"), "must be a whole number of at least 1"),
    (lambda: from_convention(-1, "flash_attention"), "must be a whole number of at least 1"),
    (lambda: from_convention(7, "longformer"), "must be even: 7"),
    (lambda: from_convention(7, "modernbert"), "must be even: 7"),
    (lambda: SlidingWindow(2**31), "window_size must be at most 2,147,483,647"),
    (lambda: SlidingWindow(sys.maxsize), "window_size must be at most"),
    (lambda: SlidingWindow(10**20), "window_size must be at most"),
    (lambda: CentredWindow(sys.maxsize), "radius must be at most"),
    (lambda: SinkWindow(sys.maxsize, 1), "window_size must be at most"),
    (lambda: SinkWindow(4, sys.maxsize), "n_sink_tokens must be at most"),
    (lambda: GlobalWindow(sys.maxsize), "window_size must be at most"),
    (lambda: GlobalWindow(4, (sys.maxsize,)), "a global position must be at most"),
    (lambda: DilatedWindow(sys.maxsize, 2), "window_size must be at most"),
    (lambda: DilatedWindow(4, 10**20), "dilation must be at most"),
    (lambda: Chunked(sys.maxsize), "chunk_size must be at most"),
    (lambda: from_convention(sys.maxsize, "flash_attention"), "of flash_attention must be at most"),
    (lambda: from_convention(2**31 - 1, "flash_attention"), "of flash_attention must be at most"),
    (lambda: read_pattern({"kind": "sliding"}), "sliding: .*window_size"),
    (lambda: read_pattern({"kind": "wide", "window_size": 4}), "unknown pattern 'wide'; known are"),
    (lambda: read_pattern({"kind": ["sliding"], "window_size": 4}), "unknown pattern"),
    (lambda: read_pattern("sliding"), "a pattern must be an object with a kind"),
    (lambda: read_pattern({"kind": "sliding", "window_size": float("nan")}), "must be a whole"),
]


@pytest.mark.parametrize(("make", "sentence"), REFUSED)
def test_bad_values_are_told_what_is_allowed(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_whole_numbers_of_other_libraries_are_welcome():
    assert SlidingWindow(np.int64(4)) == SlidingWindow(4)
    assert GlobalWindow(4, [3, 1, 3]) == GlobalWindow(4, (1, 3))
    assert GlobalWindow(5, (0,), np.False_).to_plain()["causal"] is False


@pytest.mark.parametrize(
    "pattern",
    [SlidingWindow(LARGEST), CentredWindow(LARGEST), DilatedWindow(LARGEST, LARGEST),
     SinkWindow(LARGEST, LARGEST), Chunked(LARGEST), GlobalWindow(LARGEST, (LARGEST - 1,))],
    ids=str,
)  # fmt: skip
def test_the_largest_numbers_mean_what_they_say(pattern):
    both = not pattern.causal
    expected = np.ones((9, 9)) if both else np.tri(9)
    if isinstance(pattern, DilatedWindow):
        expected = np.eye(9)
    assert (build_mask(pattern, 9, 9).numpy() == expected).all()
    assert pattern.keys_per_query(np.arange(9), 9).tolist() == expected.sum(1).tolist()
    assert pattern.read_by_any(np.arange(8), 9).tolist() == expected[:8].any(0).tolist()
