"""What other programs mean by their window number.

The same number reads one key more or less in different libraries, or twice as many in encoders.
`from_convention` turns a row of this table and a number into a pattern.
"""

from dataclasses import dataclass

from swa_viz.patterns.centred import CentredWindow
from swa_viz.patterns.pattern import LARGEST, Pattern, whole_number
from swa_viz.patterns.sliding import SlidingWindow


@dataclass(frozen=True)
class Convention:
    """What another program means by its window number w, and where that is written.

    `url` is the page of that source.
    """

    says: str
    source: str
    url: str
    centred: bool = False
    n_per_unit: int = 1
    extra_keys: int = 0


GITHUB = "https://github.com"
TRANSFORMERS = f"{GITHUB}/huggingface/transformers/blob/main/src/transformers"

CONVENTIONS: dict[str, Convention] = {
    "transformers": Convention(
        "kv ≤ q and kv > q − w",
        "transformers, masking_utils.py",
        f"{TRANSFORMERS}/masking_utils.py",
    ),
    "flash_attention": Convention(
        "window_size=(w, 0)",
        "FlashAttention README",
        f"{GITHUB}/Dao-AILab/flash-attention/blob/main/README.md",
        extra_keys=1,
    ),
    "flex_attention": Convention(
        "q − kv ≤ w",
        "FlexAttention blog, attention-gym",
        "https://pytorch.org/blog/flexattention/",
        extra_keys=1,
    ),
    "xformers": Convention(
        "tril & triu(1 − w)",
        "xFormers, make_local_attention",
        f"{GITHUB}/facebookresearch/xformers/blob/main/xformers/ops/fmha/attn_bias.py",
    ),
    "mistral_one_file": Convention(
        "triu(diagonal=−w) in prefill",
        "Mistral, one_file_ref.py",
        f"{GITHUB}/mistralai/mistral-inference/blob/c18d5b9166ffa16ce58827346ed56a28d2876e7e/one_file_ref.py",
        extra_keys=1,
    ),
    "lucidrains": Convention(
        "masks q > k + w",
        "local-attention, exact_windowsize=True",
        f"{GITHUB}/lucidrains/local-attention/blob/master/local_attention/local_attention.py",
        extra_keys=1,
    ),
    "longformer": Convention(
        "w / 2 each side",
        "transformers, attention_window",
        f"{TRANSFORMERS}/models/longformer/configuration_longformer.py",
        centred=True,
        n_per_unit=2,
    ),
    "longformer_original": Convention(
        "w each side",
        "Longformer, original code",
        f"{GITHUB}/allenai/longformer/blob/master/longformer/longformer.py",
        centred=True,
    ),
    "modernbert": Convention(
        "|age| ≤ w / 2",
        "ModernBERT, local_attention",
        f"{TRANSFORMERS}/models/modernbert/configuration_modernbert.py",
        centred=True,
        n_per_unit=2,
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
        number, f"the window number of {convention}", 1, LARGEST - entry.extra_keys
    )
    if number % entry.n_per_unit:
        raise ValueError(
            f"{convention} splits its window number in two, so it must be even: {number}"
        )
    if entry.centred:
        return CentredWindow(number // entry.n_per_unit)
    return SlidingWindow(number + entry.extra_keys)
