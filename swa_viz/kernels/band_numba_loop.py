"""The loops of `band_numba`, in the subset of Python that numba compiles to machine code.

A tile of queries walks the keys that any of them reads, and keeps for every query a running
maximum, a running sum and a running total of values: the streaming softmax (Milakov & Gimelshein
2018, arXiv 1805.02867; Dao et al. 2022, arXiv 2205.14135).

The idea: **the queries lie side by side in the lanes of two vectors**, and keys pass by one at a
time.  So nothing has to be turned around but queries and output, and a maximum over keys is a
maximum of whole vectors.  A key that some of the queries do not read is hidden from their lanes by
comparing columns: its weight is 0.  Where its value is infinite or NaN, 0 times it is NaN, and the
caller, who sees that in the output, computes those rows again.

No array types in the signatures: numba compiles this file, and `band_numba` is its typed wrapper.
"""

import logging

import numpy as np
from numba import njit
from numba.core.caching import FunctionCache

from swa_viz.kernels.strips_loop import PART, QUERY_TILE, STRIP, ZERO, add_values, score_keys
from swa_viz.kernels.tickets import draw
from swa_viz.kernels.vectors import (
    LANES,
    add,
    fma,
    larger,
    load,
    power_of_two,
    spread,
    store,
    subtract,
    transpose,
    within,
)

KEY_TILE = 192

NOTHING_YET = np.float32(-3e38)  # below every score, and yet a number
HIDDEN = np.float32(-np.inf)
ONE = np.float32(1)


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


# Of what Python calls: all the others are parts of it.
SETTINGS = {"cache": can_be_kept(), "nogil": True, "error_model": "numpy"}


@njit(**PART)
def hide(scores, first, last, columns):
    """Hide the scores of those columns from the queries that do not read them."""
    for j in columns:
        for lane in range(0, QUERY_TILE, LANES):
            place = j * QUERY_TILE + lane
            seen = load(scores, place), spread(HIDDEN)
            mine = load(first, lane), load(last, lane)
            store(scores, place, within(np.float32(j), mine[0], mine[1], seen[0], seen[1]))


@njit(**PART)
def weigh(scores, n_keys, largest, sums, shrink):
    """Turn scores into weights 2^(score - largest); `shrink` is for what was summed before."""
    for lane in range(0, QUERY_TILE, LANES):
        before = load(largest, lane)
        now = before
        for j in range(n_keys):
            now = larger(now, load(scores, j * QUERY_TILE + lane))
        added = spread(ZERO)
        for j in range(n_keys):
            weight = power_of_two(subtract(load(scores, j * QUERY_TILE + lane), now))
            store(scores, j * QUERY_TILE + lane, weight)
            added = add(added, weight)
        factor = power_of_two(subtract(before, now))
        store(largest, lane, now)
        store(shrink, lane, factor)
        store(sums, lane, fma(load(sums, lane), factor, added))


@njit(**PART)
def column(position, key_start, step, n_keys):
    """The first column of the key tile that lies at or beyond `position`, at most n_keys."""
    ahead = max(position - key_start, 0)
    return min(ahead if step == 1 else (ahead + step - 1) // step, n_keys)


@njit(**PART)
def find_columns(first, last, starts, stops, rows, key_start, step, n_keys):
    """Write each query's own columns, first .. last - 1; return those that all of them read."""
    shared, shared_end = 0, n_keys
    for i in range(QUERY_TILE):
        row = rows[min(i, rows.size - 1)]
        begin = column(starts[row], key_start, step, n_keys)
        end = max(column(stops[row], key_start, step, n_keys), begin)
        first[i], last[i] = begin, end
        shared, shared_end = max(shared, begin), min(shared_end, end)
    return (shared, shared_end) if shared < shared_end else (n_keys, n_keys)


@njit(**PART)
def span_of(starts, stops, rows, kv_len):
    """The first key that any of the rows reads in this range, and where the last one stops."""
    span_start, span_stop = kv_len, 0
    for row in rows:
        if starts[row] < stops[row]:
            span_start, span_stop = min(span_start, starts[row]), max(span_stop, stops[row])
    return span_start, span_stop


@njit(**PART)
def take_queries(queries, turned, query, rows, scale):
    """Lay the queries side by side: queries[f] holds feature f of all of them, scaled."""
    width = turned.size // QUERY_TILE
    for i in range(QUERY_TILE):
        q, mine = query[rows[min(i, rows.size - 1)]], turned[i * width :]
        for f in range(q.size):
            mine[f] = q[f] * scale
    for i in range(0, QUERY_TILE, LANES):
        for f in range(0, width, LANES):
            transpose(turned, i * width + f, width, queries, f * QUERY_TILE + i, QUERY_TILE)


@njit(**PART)
def give_output(output, turned, totals, sums, rows):
    """Write the averages, each to its own row."""
    width = turned.size // QUERY_TILE
    for i in range(0, QUERY_TILE, LANES):
        for f in range(0, width, LANES):
            transpose(totals, f * QUERY_TILE + i, QUERY_TILE, turned, i * width + f, width)
    for i in range(rows.size):
        out, mine, share = output[rows[i]], turned[i * width :], ONE / sums[i]
        for f in range(out.size):
            out[f] = mine[f] * share


@njit(**PART)
def attend_tile(query, key, value, rows, starts, stops, steps, scale, output, scratch):
    """Attention of the queries `rows`; returns how many score pairs were really computed.

    query, output [q_len, head_dim]; key, value [kv_len, head_dim]; starts, stops [n_ranges, q_len];
    steps [n_ranges].  At most QUERY_TILE rows; the last one fills the lanes that are left over.
    All rows meet a range on the same grid: their starts are equal modulo its step.
    """
    turned, queries, scores, totals, largest, sums, shrink, first, last = scratch
    take_queries(queries, turned, query, rows, scale)
    largest[:], sums[:], totals[:] = NOTHING_YET, ZERO, ZERO
    scored = 0
    for r in range(steps.size):
        step = steps[r]
        span_start, span_stop = span_of(starts[r], stops[r], rows, len(key))
        for start in range(span_start, span_stop, KEY_TILE * step):
            n_keys = column(span_stop, start, step, KEY_TILE)
            shared, shared_end = find_columns(
                first, last, starts[r], stops[r], rows, start, step, n_keys
            )
            score_keys(scores, queries, key, start, step, n_keys)
            scored += (n_keys + STRIP - 1) // STRIP * STRIP * QUERY_TILE
            hide(scores, first, last, range(shared))
            hide(scores, first, last, range(shared_end, n_keys))
            weigh(scores, n_keys, largest, sums, shrink)
            add_values(totals, shrink, scores, value, start, step, n_keys)
    give_output(output, turned, totals, sums, rows)
    return scored


@njit(**PART)
def make_scratch(width):
    """Room for one query tile at a time, its head_dim rounded up to `width`: see `attend_tile`."""
    return (
        np.zeros(width * QUERY_TILE, np.float32),
        np.empty(width * QUERY_TILE, np.float32),
        np.empty(KEY_TILE * QUERY_TILE, np.float32),
        np.empty(width * QUERY_TILE, np.float32),
        np.empty(QUERY_TILE, np.float32),
        np.empty(QUERY_TILE, np.float32),
        np.empty(QUERY_TILE, np.float32),
        np.empty(QUERY_TILE, np.float32),
        np.empty(QUERY_TILE, np.float32),
    )


@njit(**SETTINGS)
def attend_jobs(
    query, key, value, starts, stops, steps, order, borders, jobs, tickets, scale, output, scored
):
    """Draw a job, neighbouring tiles, until none is left; several threads do so at once.

    query, output [n_heads, q_len, head_dim]; key, value [n_kv_heads, kv_len, head_dim], head_dim a
    multiple of eight.  Tile t of a head holds the queries order[borders[t] : borders[t + 1]]; job j
    holds the tiles jobs[j] .. jobs[j + 1] - 1, counted through all heads; tickets [1] is the next
    job.  Writes the score pairs of each tile to scored [n_heads, n_tiles].
    """
    n_tiles, head_dim = borders.size - 1, query.shape[2]
    group, width = len(query) // len(key), (head_dim + LANES - 1) // LANES * LANES
    scratch = make_scratch(width)
    job = draw(tickets)
    while job < jobs.size - 1:
        for place in range(jobs[job], jobs[job + 1]):
            head, tile = place // n_tiles, place % n_tiles
            scored[head, tile] = attend_tile(
                query[head], key[head // group], value[head // group],
                order[borders[tile] : borders[tile + 1]],
                starts, stops, steps, scale, output[head], scratch,
            )  # fmt: skip
        job = draw(tickets)
