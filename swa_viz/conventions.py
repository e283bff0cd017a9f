"""What other programs mean by their window number.

The same number reads one key more or less in different libraries, or twice as many in encoders.
`swa_viz.patterns.from_convention` turns a row of this table and a number into a pattern.
"""

from dataclasses import dataclass


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
