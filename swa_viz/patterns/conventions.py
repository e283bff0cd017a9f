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
    """What another program means by its window number n, and where that is written."""

    says: str
    source: str
    centred: bool = False
    n_per_unit: int = 1
    extra_keys: int = 0


CONVENTIONS: dict[str, Convention] = {
    "transformers": Convention("kv ≤ q and kv > q − n", "transformers, masking_utils.py"),
    "flash_attention": Convention("window_size=(n, 0)", "FlashAttention README", extra_keys=1),
    "flex_attention": Convention("q − kv ≤ n", "FlexAttention blog, attention-gym", extra_keys=1),
    "xformers": Convention("tril & triu(1 − n)", "xFormers, make_local_attention"),
    "mistral_one_file": Convention(
        "triu(diagonal=−n) in prefill", "Mistral, one_file_ref.py", extra_keys=1
    ),
    "lucidrains": Convention(
        "masks q > k + n", "local-attention, exact_windowsize=True", extra_keys=1
    ),
    "longformer": Convention(
        "n / 2 each side", "transformers, attention_window", centred=True, n_per_unit=2
    ),
    "longformer_original": Convention("n each side", "Longformer, original code", centred=True),
    "modernbert": Convention(
        "|age| ≤ n / 2", "ModernBERT, local_attention", centred=True, n_per_unit=2
    ),
}


def from_convention(n: int, convention: str) -> Pattern:
    """Translate another program's window number into a pattern.

    >>> from_convention(8, "flash_attention")        # (8, 0) reads the query and 8 keys before it
    SlidingWindow(window_size=9)

    Raises ValueError for an unknown convention, a number below 1 (several programs use 0 or -1 for
    "no window": say `Causal()` instead) and, where n is split into two sides, an odd number.
    """
    if convention not in CONVENTIONS:
        known = ", ".join(CONVENTIONS)
        raise ValueError(f"unknown convention {convention!r}; known are {known}")
    entry = CONVENTIONS[convention]
    n = whole_number(n, f"the window number of {convention}", 1, LARGEST - entry.extra_keys)
    if n % entry.n_per_unit:
        raise ValueError(f"{convention} splits its window number in two, so it must be even: {n}")
    if entry.centred:
        return CentredWindow(n // entry.n_per_unit)
    return SlidingWindow(n + entry.extra_keys)
