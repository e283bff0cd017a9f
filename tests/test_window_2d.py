"""The window of pictures: NATTEN's rule said once more, its borders, and what it refuses."""

import sys

import numpy as np
import pytest

from swa_viz.cost import score_pairs
from swa_viz.patterns import Chunked2D, Window2D, build_mask
from swa_viz.reach import reach, reachable


def nearest_run(query: int, length: int, window: int, dilation: int) -> set[int]:
    """Of all runs of `window` places with these gaps, the one whose middle is nearest."""
    places = range(query % dilation, length, dilation)
    count = min(window, len(places))
    runs = [places[first : first + count] for first in range(len(places) - count + 1)]
    return set(min(runs, key=lambda run: abs(run[0] + run[-1] - 2 * query)))


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("window", [1, 3, 5, 7])
@pytest.mark.parametrize(("height", "width"), [(7, 7), (5, 9), (8, 3), (1, 12), (11, 1)])
def test_a_query_reads_the_square_that_is_nearest_to_it(height, width, window, dilation):
    n = height * width
    mask = build_mask(Window2D(height, width, window, dilation), n, n)
    for query in range(n):
        rows = nearest_run(query // width, height, window, dilation)
        columns = nearest_run(query % width, width, window, dilation)
        read = {row * width + column for row in rows for column in columns}
        assert set(np.flatnonzero(mask[query])) == read


def test_no_query_is_worse_off_at_a_border():
    pattern = Window2D(20, 30, 7)
    assert set(pattern.keys_per_query(np.arange(600), 600)) == {49}
    assert score_pairs(pattern, 600) == 600 * 49


def test_a_longer_text_is_one_picture_after_the_other():
    one, pattern = build_mask(Window2D(3, 4, 3), 12, 12), Window2D(3, 4, 3)
    three = build_mask(pattern, 36, 36).reshape(3, 12, 3, 12)
    for first in range(3):
        for second in range(3):
            assert (three[first, :, second] == (one if first == second else False)).all()


def test_depth_grows_the_square_as_it_grows_a_convolution():
    """In the middle of a large picture nothing is moved: 1 + L (k - 1) places to each side."""
    for n_layers in range(1, 5):
        seen = reachable([Window2D(21, 21, 5)] * n_layers, 10 * 21 + 10, 441)[0].reshape(21, 21)
        side = 1 + n_layers * 4
        assert seen.sum() == side**2
        assert seen[10 - side // 2 : 11 + side // 2, 10 - side // 2 : 11 + side // 2].all()


def test_numbers_of_other_libraries_are_welcome():
    assert Window2D(np.int64(4), np.uint8(6), np.int32(3)) == Window2D(4, 6, 3)


REFUSED = [
    ((4, 6, 4), "window must be odd .* but it is 4; use 5"),
    ((4, 6, 0), "window must be a whole number of at least 1"),
    ((4, 6, True), "window must be a whole number of at least 1"),
    ((4, 6, 3.0), "window must be a whole number of at least 1"),
    ((4, 6, sys.maxsize), "window must be at most 2,147,483,647"),
    ((0, 6, 3), "height must be a whole number of at least 1"),
    ((4, "6", 3), "width must be a whole number of at least 1"),
    ((4, 6, 3, 0), "dilation must be a whole number of at least 1"),
    ((2**16, 2**15, 3), "height times width must be at most 2,147,483,647"),
]


@pytest.mark.parametrize(("numbers", "sentence"), REFUSED)
def test_bad_values_are_told_what_is_allowed(numbers, sentence):
    with pytest.raises(ValueError, match=sentence):
        Window2D(*numbers)


def test_the_largest_numbers_are_no_trouble():
    most = 2**31 - 1
    for pattern in (
        Window2D(1, most, most),
        Window2D(most, 1, most),
        Window2D(46340, 46340, 46339),
    ):
        assert pattern.keys_per_query(np.arange(50), 50).tolist() == [50] * 50
        assert pattern.span.back < 2**63


def test_reach_is_the_square_that_depth_has_grown():
    assert [reach([Window2D(8, 8, 3)] * n_layers) for n_layers in (1, 2, 3)] == [9, 25, 49]
    with pytest.raises(ValueError, match="cannot be counted"):
        reach([Window2D(46340, 46340, 46339)])


def test_shifted_chunks_join_what_plain_chunks_cut_apart():
    """Swin's two layers: alone each place keeps to 16 others, together they mix all 64."""
    plain, shifted = Chunked2D(8, 8, 4), Chunked2D(8, 8, 4, shift=2)
    assert reach([plain] * 5) == 16
    assert reachable([shifted, plain], 0, 64)[0].sum() == 36  # rows and columns 0 to 5
    assert reachable([plain, shifted], 27, 64)[0].all()
