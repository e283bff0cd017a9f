"""The mask: a pattern drawn as a matrix of who may attend to whom."""

import torch

from swa_viz.patterns.pattern import Pattern, whole_number
from swa_viz.shapes import Bool, Tensor


def build_mask(pattern: Pattern, q_len: int, kv_len: int) -> Bool[Tensor, "{q_len} {kv_len}"]:
    """Draw the rule: row i is a query, column j a key, True where it may attend.

    The queries are the last `q_len` of the `kv_len` positions, so the bottom right corner is the
    newest token reading itself.

    Raises ValueError if the lengths are not 1 <= q_len <= kv_len.
    """
    q_len = whole_number(q_len, "q_len", at_least=1)
    kv_len = whole_number(kv_len, "kv_len", at_least=1)
    if q_len > kv_len:
        raise ValueError(f"q_len must be at most kv_len ({kv_len}), but it is {q_len}")
    key_pos = torch.arange(kv_len, device="cpu")
    return pattern.visible(key_pos[kv_len - q_len :, None], key_pos[None, :])
