"""The two products of `band_numba`, held in sixteen registers: the arithmetic of attention.

A row is QUERY_TILE numbers, one for each query of a tile: two vectors.  A strip is eight rows whose
sums stay in registers while something passes by: features, when eight keys are scored, and keys,
when eight features are summed.  Per step sixteen multiply-adds share ten loads, so the arithmetic
units, not the memory, set the pace.
"""

import logging

import numpy as np
from numba import njit
from numba.core.caching import FunctionCache

from swa_viz.kernels.vectors import LANES, fma, load, spread, store

QUERY_TILE = 2 * LANES
STRIP = 8
ZERO = np.float32(0)


def can_be_kept() -> bool:
    """Is there a folder for the machine code: beside this file, in the user's home, or a named one?

    On a locked-down server there may be none.  Then it is compiled anew in every process.
    """
    try:
        FunctionCache(can_be_kept)
    except RuntimeError:  # numba: "no locator available"
        logging.getLogger(__name__).warning(
            "no folder can be written for the kernels' machine code, so every process compiles it "
            "anew (some seconds); set NUMBA_CACHE_DIR to a folder that can be written"
        )
        return False
    return True


SETTINGS = {"cache": can_be_kept(), "nogil": True, "error_model": "numpy"}


@njit(**SETTINGS)
def store_strip(rows, a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1):
    """Write eight rows of two vectors each."""
    store(rows, 0, a0), store(rows, LANES, a1)
    store(rows, 2 * LANES, b0), store(rows, 3 * LANES, b1)
    store(rows, 4 * LANES, c0), store(rows, 5 * LANES, c1)
    store(rows, 6 * LANES, d0), store(rows, 7 * LANES, d1)
    store(rows, 8 * LANES, e0), store(rows, 9 * LANES, e1)
    store(rows, 10 * LANES, f0), store(rows, 11 * LANES, f1)
    store(rows, 12 * LANES, g0), store(rows, 13 * LANES, g1)
    store(rows, 14 * LANES, h0), store(rows, 15 * LANES, h1)


@njit(**SETTINGS)
def score_strip(scores, queries, a, b, c, d, e, f, g, h):
    """Eight keys a .. h against all queries: writes eight rows of scores, two vectors each."""
    a0 = b0 = c0 = d0 = e0 = f0 = g0 = h0 = spread(ZERO)
    a1 = b1 = c1 = d1 = e1 = f1 = g1 = h1 = spread(ZERO)
    for i in range(a.size):
        q0, q1 = load(queries, i * QUERY_TILE), load(queries, i * QUERY_TILE + LANES)
        x = spread(a[i])
        a0, a1 = fma(x, q0, a0), fma(x, q1, a1)
        x = spread(b[i])
        b0, b1 = fma(x, q0, b0), fma(x, q1, b1)
        x = spread(c[i])
        c0, c1 = fma(x, q0, c0), fma(x, q1, c1)
        x = spread(d[i])
        d0, d1 = fma(x, q0, d0), fma(x, q1, d1)
        x = spread(e[i])
        e0, e1 = fma(x, q0, e0), fma(x, q1, e1)
        x = spread(f[i])
        f0, f1 = fma(x, q0, f0), fma(x, q1, f1)
        x = spread(g[i])
        g0, g1 = fma(x, q0, g0), fma(x, q1, g1)
        x = spread(h[i])
        h0, h1 = fma(x, q0, h0), fma(x, q1, h1)
    store_strip(scores, a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1)


@njit(**SETTINGS)
def score_keys(scores, queries, key, start, step, n_keys):
    """Scores of n_keys keys; the last strip repeats the last key, and nobody reads those rows."""
    final = start + (n_keys - 1) * step
    for j in range(0, n_keys, STRIP):
        k = start + j * step
        score_strip(
            scores[j * QUERY_TILE :], queries,
            key[k], key[min(k + step, final)],
            key[min(k + 2 * step, final)], key[min(k + 3 * step, final)],
            key[min(k + 4 * step, final)], key[min(k + 5 * step, final)],
            key[min(k + 6 * step, final)], key[min(k + 7 * step, final)],
        )  # fmt: skip


@njit(**SETTINGS)
def merge(rows, place, shrink0, shrink1, new0, new1):
    """Shrink a row of totals and add what is new."""
    place *= QUERY_TILE
    store(rows, place, fma(load(rows, place), shrink0, new0))
    store(rows, place + LANES, fma(load(rows, place + LANES), shrink1, new1))


@njit(**SETTINGS)
def add_values(totals, shrink, weights, value, start, step, n_keys):
    """totals[f] = shrink * totals[f] + weights of all keys times their feature f, for every query.

    A tile of keys is summed on its own, and then added to the total: over a long text the errors
    of rounding so grow with the root of the tile's length and of the number of tiles, not of all.
    """
    shrink0, shrink1 = load(shrink, 0), load(shrink, LANES)
    for f in range(0, value.shape[1], STRIP):
        a0 = b0 = c0 = d0 = e0 = f0 = g0 = h0 = spread(ZERO)
        a1 = b1 = c1 = d1 = e1 = f1 = g1 = h1 = spread(ZERO)
        for j in range(n_keys):
            w0, w1 = load(weights, j * QUERY_TILE), load(weights, j * QUERY_TILE + LANES)
            v = value[start + j * step]
            x = spread(v[f])
            a0, a1 = fma(x, w0, a0), fma(x, w1, a1)
            x = spread(v[f + 1])
            b0, b1 = fma(x, w0, b0), fma(x, w1, b1)
            x = spread(v[f + 2])
            c0, c1 = fma(x, w0, c0), fma(x, w1, c1)
            x = spread(v[f + 3])
            d0, d1 = fma(x, w0, d0), fma(x, w1, d1)
            x = spread(v[f + 4])
            e0, e1 = fma(x, w0, e0), fma(x, w1, e1)
            x = spread(v[f + 5])
            f0, f1 = fma(x, w0, f0), fma(x, w1, f1)
            x = spread(v[f + 6])
            g0, g1 = fma(x, w0, g0), fma(x, w1, g1)
            x = spread(v[f + 7])
            h0, h1 = fma(x, w0, h0), fma(x, w1, h1)
        rows = totals[f * QUERY_TILE :]
        merge(rows, 0, shrink0, shrink1, a0, a1), merge(rows, 1, shrink0, shrink1, b0, b1)
        merge(rows, 2, shrink0, shrink1, c0, c1), merge(rows, 3, shrink0, shrink1, d0, d1)
        merge(rows, 4, shrink0, shrink1, e0, e1), merge(rows, 5, shrink0, shrink1, f0, f1)
        merge(rows, 6, shrink0, shrink1, g0, g1), merge(rows, 7, shrink0, shrink1, h0, h1)
