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


# Of what is only called by other compiled code: nothing through which Python could call it.
PART = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


@njit(**PART)
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


@njit(**PART)
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


@njit(**PART)
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


@njit(**PART)
def merge_strip(
    rows, shrink0, shrink1, a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1
):
    """Shrink eight rows of totals and add what is new.

    All of them here, because numba compiles a function anew for every number that is passed to it
    as a word of the program, such as the place of a row.
    """
    store(rows, 0, fma(load(rows, 0), shrink0, a0))
    store(rows, LANES, fma(load(rows, LANES), shrink1, a1))
    store(rows, 2 * LANES, fma(load(rows, 2 * LANES), shrink0, b0))
    store(rows, 3 * LANES, fma(load(rows, 3 * LANES), shrink1, b1))
    store(rows, 4 * LANES, fma(load(rows, 4 * LANES), shrink0, c0))
    store(rows, 5 * LANES, fma(load(rows, 5 * LANES), shrink1, c1))
    store(rows, 6 * LANES, fma(load(rows, 6 * LANES), shrink0, d0))
    store(rows, 7 * LANES, fma(load(rows, 7 * LANES), shrink1, d1))
    store(rows, 8 * LANES, fma(load(rows, 8 * LANES), shrink0, e0))
    store(rows, 9 * LANES, fma(load(rows, 9 * LANES), shrink1, e1))
    store(rows, 10 * LANES, fma(load(rows, 10 * LANES), shrink0, f0))
    store(rows, 11 * LANES, fma(load(rows, 11 * LANES), shrink1, f1))
    store(rows, 12 * LANES, fma(load(rows, 12 * LANES), shrink0, g0))
    store(rows, 13 * LANES, fma(load(rows, 13 * LANES), shrink1, g1))
    store(rows, 14 * LANES, fma(load(rows, 14 * LANES), shrink0, h0))
    store(rows, 15 * LANES, fma(load(rows, 15 * LANES), shrink1, h1))


@njit(**PART)
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
        merge_strip(
            rows, shrink0, shrink1, a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1
        )
