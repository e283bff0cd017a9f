"""How sure is a number that was measured on stretches of text?

The one idea: stretches differ much more from each other than two ways to read the same stretch do.
So two ways are compared stretch by stretch, and only their differences have a spread.
"""

from collections.abc import Sequence

import numpy as np

CONFIDENCE = 0.95
Amounts = Sequence[float | int]


def per_byte(bits: Amounts, n_bytes: Amounts) -> float:
    """All bits of some stretches, divided by the bytes that these write.

    >>> per_byte([10, 30], [10, 10])
    2.0
    """
    return float(np.sum(bits) / np.sum(n_bytes))


def half_width(bits: Amounts, n_bytes: Amounts) -> float | None:
    """Half of the 95 % confidence interval of `per_byte`; None for a single stretch.

    Student's t with a degree of freedom less than there are stretches, and the usual error of a
    ratio of two sums, since stretches of equally many tokens write different numbers of bytes.
    `bits` may be differences between two ways to read the stretches: a paired comparison.

    >>> round(half_width([10, 20, 30], [10, 10, 10]), 3)    # 4.303 * 1 / sqrt(3)
    2.484
    """
    n = len(bits)
    if n < 2:
        return None
    from scipy.special import stdtrit  # a quarter of a second, and most who come here need none

    left_over = np.asarray(bits) - per_byte(bits, n_bytes) * np.asarray(n_bytes)
    error = np.sqrt(n / (n - 1) * np.sum(left_over**2)) / np.sum(n_bytes)
    return float(stdtrit(n - 1, (1 + CONFIDENCE) / 2) * error)
