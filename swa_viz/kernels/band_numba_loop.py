"""The loops of `band_numba`, in the subset of Python that numba compiles to machine code.

A query tile walks the keys that its queries read, one key tile at a time, and keeps for every
query a running maximum, a running sum and a running total of values: the streaming softmax
(Milakov & Gimelshein 2018, arXiv 1805.02867; Dao et al. 2022, arXiv 2205.14135).

Inside a key tile the keys that one query reads are neighbours: columns first .. last - 1.  Queries
are taken four at a time, so that every loaded key and value serves four rows.  A few columns more
than needed are scored, to fill whole vectors, but only a query's own columns are ever weighted:
nothing of an unread key can reach its output.

No array types in the signatures: numba compiles this file, and `band_numba` is its typed wrapper.
Every inner loop runs over one-dimensional slices, because those are what it can vectorise.
"""

import math

import numpy as np
from numba import njit, prange
from numpy.polynomial import Chebyshev, Polynomial

QUERY_TILE = 64
KEY_TILE = 256
ROWS = 4
LANES = 16

SUMS = {"contract", "reassoc", "nsz"}  # sums may be reordered; NaN and infinity keep their meaning
LARGEST = {"nnan", "nsz"}  # a NaN may be passed over here: its own weight carries it on

# 2^x for x <= 0: split x into a whole number, which is the exponent of the float, and a fraction
# of at most 1/2, for which a polynomial of degree 5 is exact to a float32.  Unlike math.exp2 this
# is plain arithmetic, so it runs on whole vectors.
FRACTION = Chebyshev.interpolate(np.exp2, 5, domain=[-0.5, 0.5]).convert(kind=Polynomial)
C0, C1, C2, C3, C4, C5 = FRACTION.coef.astype(np.float32)
ROUND = np.float32(1.5 * 2**23)  # adding it leaves no bits below one: rounds to a whole number
LOWEST = np.float32(-126)  # the exponent of the smallest normal float32
ZERO = np.float32(0)


@njit(cache=True, nogil=True, fastmath=SUMS)
def score_rows(scores, queries, keys, row, first, last):
    """scores[:, first:last] = queries[row : row + 4] @ keys[:, first:last]."""
    s0, s1 = scores[0, first:last], scores[1, first:last]
    s2, s3 = scores[2, first:last], scores[3, first:last]
    s0[:], s1[:], s2[:], s3[:] = ZERO, ZERO, ZERO, ZERO
    q0, q1, q2, q3 = queries[row], queries[row + 1], queries[row + 2], queries[row + 3]
    for f in range(0, keys.shape[0], 4):
        k0, k1 = keys[f, first:last], keys[f + 1, first:last]
        k2, k3 = keys[f + 2, first:last], keys[f + 3, first:last]
        a0, a1, a2, a3 = q0[f], q0[f + 1], q0[f + 2], q0[f + 3]
        b0, b1, b2, b3 = q1[f], q1[f + 1], q1[f + 2], q1[f + 3]
        c0, c1, c2, c3 = q2[f], q2[f + 1], q2[f + 2], q2[f + 3]
        d0, d1, d2, d3 = q3[f], q3[f + 1], q3[f + 2], q3[f + 3]
        for j in range(s0.size):
            s0[j] += a0 * k0[j] + a1 * k1[j] + a2 * k2[j] + a3 * k3[j]
            s1[j] += b0 * k0[j] + b1 * k1[j] + b2 * k2[j] + b3 * k3[j]
            s2[j] += c0 * k0[j] + c1 * k1[j] + c2 * k2[j] + c3 * k3[j]
            s3[j] += d0 * k0[j] + d1 * k1[j] + d2 * k2[j] + d3 * k3[j]


@njit(cache=True, nogil=True, fastmath=LARGEST)
def largest_of(scores, largest):
    """The largest score, or `largest` if that is larger."""
    for j in range(scores.size):
        largest = scores[j] if scores[j] > largest else largest
    return largest


@njit(cache=True, nogil=True, fastmath={"contract"})
def power_of_two(scores, largest, exponents):
    """Replace each score by 2^(score - largest).  `exponents` is scratch space of the same size."""
    for j in range(scores.size):
        x = scores[j] - largest
        x = LOWEST if x < LOWEST else x
        whole = (x + ROUND) - ROUND
        x -= whole
        scores[j] = C0 + x * (C1 + x * (C2 + x * (C3 + x * (C4 + x * C5))))
        exponents[j] = (np.int32(whole) + np.int32(127)) << np.int32(23)
    scales = exponents.view(np.float32)
    for j in range(scores.size):
        scores[j] *= scales[j]


@njit(cache=True, nogil=True, fastmath=SUMS)
def sum_of(weights):
    """The sum of the weights."""
    total = ZERO
    for j in range(weights.size):
        total += weights[j]
    return total


@njit(cache=True, nogil=True, fastmath=SUMS)
def add_values(totals, weights, value, row, first, last, key_start, step):
    """totals[row + i] += weights[i, first[i]:last[i]] @ the values of those keys, for four rows.

    The columns that all four rows read go four at a time; the ragged edges row by row.
    """
    t0, t1, t2, t3 = totals[row], totals[row + 1], totals[row + 2], totals[row + 3]
    shared = max(first[0], first[1], first[2], first[3])
    end = min(last[0], last[1], last[2], last[3])
    shared_end = shared + max(end - shared, 0) // 4 * 4
    for j in range(shared, shared_end, 4):
        k = key_start + j * step
        v0, v1, v2, v3 = value[k], value[k + step], value[k + 2 * step], value[k + 3 * step]
        a0, a1, a2, a3 = weights[0, j], weights[0, j + 1], weights[0, j + 2], weights[0, j + 3]
        b0, b1, b2, b3 = weights[1, j], weights[1, j + 1], weights[1, j + 2], weights[1, j + 3]
        c0, c1, c2, c3 = weights[2, j], weights[2, j + 1], weights[2, j + 2], weights[2, j + 3]
        d0, d1, d2, d3 = weights[3, j], weights[3, j + 1], weights[3, j + 2], weights[3, j + 3]
        for f in range(t0.size):
            t0[f] += a0 * v0[f] + a1 * v1[f] + a2 * v2[f] + a3 * v3[f]
            t1[f] += b0 * v0[f] + b1 * v1[f] + b2 * v2[f] + b3 * v3[f]
            t2[f] += c0 * v0[f] + c1 * v1[f] + c2 * v2[f] + c3 * v3[f]
            t3[f] += d0 * v0[f] + d1 * v1[f] + d2 * v2[f] + d3 * v3[f]
    for i in range(ROWS):
        total = totals[row + i]
        for j in range(first[i], last[i]):
            if shared <= j < shared_end:
                continue
            weight, v = weights[i, j], value[key_start + j * step]
            for f in range(total.size):
                total[f] += weight * v[f]


@njit(cache=True, nogil=True)
def span_of(starts, stops, rows, kv_len):
    """The first key that any of the rows reads in this range, and where the last one stops."""
    span_start, span_stop = kv_len, 0
    for row in rows:
        if starts[row] < stops[row]:
            span_start, span_stop = min(span_start, starts[row]), max(span_stop, stops[row])
    return span_start, span_stop


@njit(cache=True, nogil=True)
def column(position, key_start, step, n_keys):
    """The first column of the key tile that lies at or beyond `position`, at most n_keys."""
    return min(max((position - key_start + step - 1) // step, 0), n_keys)


@njit(cache=True, nogil=True)
def find_columns(first, last, starts, stops, rows, key_start, step, n_keys):
    """Write each row's own columns, first .. last - 1; return whole vectors that hold them all."""
    left, right = KEY_TILE, 0
    for i in range(ROWS):
        first[i] = column(starts[rows[i]], key_start, step, n_keys)
        last[i] = max(column(stops[rows[i]], key_start, step, n_keys), first[i])
        if first[i] < last[i]:
            left, right = min(left, first[i]), max(right, last[i])
    return left // LANES * LANES, (right + LANES - 1) // LANES * LANES


@njit(cache=True, nogil=True, fastmath=SUMS)
def weigh_rows(scores, exponents, first, last, left, right, row, largest, sums, totals):
    """Turn scores into weights 2^(score - largest), and shrink what was summed before to match."""
    for i in range(ROWS):
        if first[i] == last[i]:
            continue
        before = largest[row + i]
        now = largest_of(scores[i, first[i] : last[i]], before)
        power_of_two(scores[i, left:right], now, exponents[left:right])
        if now > before:
            shrink = np.float32(math.exp2(before - now))
            largest[row + i] = now
            sums[row + i] *= shrink
            totals[row + i] *= shrink
        sums[row + i] += sum_of(scores[i, first[i] : last[i]])


@njit(cache=True, nogil=True, fastmath=SUMS)
def attend_tile(query, key, value, rows, starts, stops, steps, scale, output):
    """Attention of the queries `rows`; returns how many score pairs were really computed.

    query, output [q_len, head_dim]; key [head_dim, kv_len]; value [kv_len, head_dim];
    starts, stops [n_ranges, q_len]; steps [n_ranges].  The number of rows is a multiple of four.
    All rows meet a range on the same grid: their starts are equal modulo its step.
    """
    head_dim, kv_len = key.shape
    queries = np.zeros((rows.size, (head_dim + 3) // 4 * 4), np.float32)
    keys = np.zeros((queries.shape[1], KEY_TILE), np.float32)
    scores = np.empty((ROWS, KEY_TILE), np.float32)
    exponents = np.empty(KEY_TILE, np.int32)
    first, last = np.empty(ROWS, np.int64), np.empty(ROWS, np.int64)
    largest = np.full(rows.size, -np.inf, np.float32)
    sums = np.zeros(rows.size, np.float32)
    totals = np.zeros((rows.size, head_dim), np.float32)
    scored = 0
    for i in range(rows.size):
        queries[i, :head_dim] = query[rows[i]] * scale

    for r in range(steps.size):
        step = steps[r]
        span_start, span_stop = span_of(starts[r], stops[r], rows, kv_len)
        for key_start in range(span_start, span_stop, KEY_TILE * step):
            n_keys = column(span_stop, key_start, step, KEY_TILE)
            for f in range(head_dim):
                keys[f, :n_keys] = key[f, key_start : key_start + (n_keys - 1) * step + 1 : step]
            for row in range(0, rows.size, ROWS):
                four = rows[row : row + ROWS]
                left, right = find_columns(
                    first, last, starts[r], stops[r], four, key_start, step, n_keys
                )
                if left < right:
                    score_rows(scores, queries, keys, row, left, right)
                    scored += ROWS * (right - left)
                    weigh_rows(
                        scores, exponents, first, last, left, right, row, largest, sums, totals
                    )
                    add_values(totals, scores, value, row, first, last, key_start, step)

    for i in range(rows.size):
        output[rows[i]] = totals[i] / sums[i]
    return scored


@njit(cache=True, nogil=True, parallel=True)
def attend_heads(query, key, value, starts, stops, steps, order, borders, scale, output, scored):
    """Every (head, query tile) is one independent job.

    query, output [n_heads, q_len, head_dim]; key [n_kv_heads, head_dim, kv_len]; value
    [n_kv_heads, kv_len, head_dim].  Tile t holds the queries order[borders[t] : borders[t + 1]];
    its last one is repeated to fill a group of four.  Writes the score pairs of each job to
    scored [n_heads, n_tiles].
    """
    n_tiles = borders.size - 1
    group = len(query) // len(key)
    for job in prange(len(query) * n_tiles):
        head, tile = job // n_tiles, job % n_tiles
        n_rows = borders[tile + 1] - borders[tile]
        rows = np.full((n_rows + ROWS - 1) // ROWS * ROWS, order[borders[tile + 1] - 1])
        rows[:n_rows] = order[borders[tile] : borders[tile + 1]]
        scored[head, tile] = attend_tile(
            query[head], key[head // group], value[head // group],
            rows, starts, stops, steps, scale, output[head],
        )  # fmt: skip
