"""The excerpt that comes with the lab: whole, in plain words, and no part of what was learned."""

import pytest

from swa_viz.experiments.held_out import FOLDER, HELD_OUT, held_out_text
from training.excerpt import TEXT_CHARS, excerpt, passages


@pytest.mark.parametrize("name", HELD_OUT)
def test_each_text_is_there_and_about_equally_long(name):
    text = held_out_text(name)
    assert 0.9 * TEXT_CHARS < len(text) < 1.2 * TEXT_CHARS
    assert text == text.strip() + "\n" and "\r" not in text


def test_there_is_no_other_file():
    assert {path.stem for path in FOLDER.iterdir()} == set(HELD_OUT)


def test_an_unknown_text_is_refused():
    with pytest.raises(ValueError, match="unknown text '../LICENSE'; known are speeches"):
        held_out_text("../LICENSE")


def test_passages_are_the_piece_and_end_with_a_sentence():
    piece = "".join(f"This is sentence number {i}. " for i in range(1000))
    found = passages(piece)
    assert " ".join(found) == piece.strip()
    assert all(passage.endswith(".") and 6000 <= len(passage) < 6100 for passage in found[:-1])


def test_an_excerpt_is_taken_from_all_over_the_pieces():
    pieces = [f"{i}:" + "x" * 5997 + "." for i in range(100)]
    chosen = excerpt(pieces).split("\n\n")
    numbers = [int(passage.split(":")[0]) for passage in chosen]
    assert numbers == [0, 12, 25, 37, 50, 62, 75, 87]
