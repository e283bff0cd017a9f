"""Is it right?  A sample of rows against the float64 reference, affordable at any length."""

import numpy as np
import torch

from benchmarks.contender import Inputs
from swa_viz.attention import attention
from swa_viz.patterns import Causal, Pattern
from swa_viz.shapes import Float, Tensor

CHECKED_ROWS = 16
TOLERANCE = 1e-5  # relative to the largest number of the row


def sample_rows(n: int) -> list[int]:
    """Up to CHECKED_ROWS positions, evenly spread, the first and the last included.

    >>> sample_rows(3)
    [0, 1, 2]
    """
    return sorted({int(row) for row in np.linspace(0, n - 1, CHECKED_ROWS)})


def relative_error(
    output: Float[Tensor, "1 n_heads seq_len head_dim"], inputs: Inputs, pattern: Pattern
) -> float:
    """The largest error in a sample of rows, the first and the last included.

    The float64 reference attends from one query to just the keys that the rule lets it read, all of
    them: so it needs no whole matrix, and can be afforded at any length.  Infinite for a wrong
    shape and for a row that holds no number.
    """
    n, worst = inputs.shape.seq_len, 0.0
    if output.shape != inputs.query.shape:
        return float("inf")
    for row in sample_rows(n):
        read = pattern.visible(torch.tensor(row), torch.arange(n)).nonzero()[:, 0]
        query = inputs.query[:, :, row : row + 1].double()
        key, value = (t[:, :, read].double() for t in (inputs.key, inputs.value))
        truth = attention(query, key, value, Causal()).output
        error = (output[:, :, row : row + 1] - truth).abs().max() / truth.abs().max()
        worst = max(worst, float(error.nan_to_num(float("inf"))))
    return worst
