"""The two products of `band_numba`, held in sixteen registers: the arithmetic of attention.

A row is QUERY_TILE numbers, one for each query of a tile: two vectors.  A strip is eight rows whose
sums stay in registers while something passes by: features, when eight keys are scored, and keys,
when eight features are summed.  Per step sixteen multiply-adds share ten loads, so the arithmetic
units, not the memory, set the pace.
"""

import numpy as np
from numba import njit

from swa_viz.kernels.vectors import LANES, fma, load, spread, store

QUERY_TILE = 2 * LANES
STRIP = 8
ZERO = np.float32(0)

SETTINGS = {"cache": True, "nogil": True, "error_model": "numpy"}


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
def add_values(totals, weights, value, start, step, n_keys):
    """totals[f] += weights of all keys times their feature f, for every query."""
    for f in range(0, value.shape[1], STRIP):
        rows = totals[f * QUERY_TILE :]
        a0, a1 = load(rows, 0), load(rows, LANES)
        b0, b1 = load(rows, 2 * LANES), load(rows, 3 * LANES)
        c0, c1 = load(rows, 4 * LANES), load(rows, 5 * LANES)
        d0, d1 = load(rows, 6 * LANES), load(rows, 7 * LANES)
        e0, e1 = load(rows, 8 * LANES), load(rows, 9 * LANES)
        f0, f1 = load(rows, 10 * LANES), load(rows, 11 * LANES)
        g0, g1 = load(rows, 12 * LANES), load(rows, 13 * LANES)
        h0, h1 = load(rows, 14 * LANES), load(rows, 15 * LANES)
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
        store_strip(rows, a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1)
