"""The readers of digits: what a square window hides from them, and the numbers that were stored."""

import pytest
import torch

from swa_viz.cost import score_pairs
from swa_viz.experiments.digits import (
    BUNDLED,
    N_HELD_OUT,
    READERS,
    DigitReader,
    accuracy,
    chances,
    load_digits,
    load_reader,
    packed,
    unpacked,
)
from swa_viz.experiments.photographs import photographs
from swa_viz.experiments.stored_image import stored_image
from training.image import train_reader

STORED = {reader["name"]: reader for reader in stored_image()["readers"]}


def test_the_stored_result_is_that_of_the_bundled_parameters():
    assert set(STORED) == set(READERS)
    for name in BUNDLED:
        assert accuracy(load_reader(name)) == pytest.approx(STORED[name]["held_out"][0], abs=0.003)


def test_costs_are_counted_and_every_seed_is_there():
    for name, schedule in READERS.items():
        assert STORED[name]["pairs"] == score_pairs(schedule, 64)
        assert STORED[name]["schedule"] == [pattern.to_plain() for pattern in schedule]
        assert len(STORED[name]["held_out"]) == len(stored_image()["facts"]["seeds"]) >= 3


def test_examples_are_digits_that_nobody_learned_from():
    greys, labels = (part[-N_HELD_OUT:] for part in load_digits())
    held_out = {tuple(row): int(label) for row, label in zip(greys.tolist(), labels, strict=True)}
    examples = stored_image()["examples"]
    for example in examples:
        assert held_out[tuple(example["greys"])] == example["label"]
    assert {example["label"] for example in examples} == set(range(10))


def test_a_reader_is_packed_in_eight_bits_and_stays_the_same_when_packed_again():
    torch.manual_seed(0)
    reader, greys = DigitReader(READERS["window-3"]), load_digits()[0][:3]
    parts = packed(reader)
    once = unpacked(parts, READERS["window-3"])
    for name, weight in reader.state_dict().items():
        step = parts[f"{name}.scales"] if weight.ndim == 2 else 0.0
        assert ((once.state_dict()[name] - weight).abs() <= step / 2 + 1e-6).all()
    again = unpacked(packed(once), READERS["window-3"])
    torch.testing.assert_close(chances(again, greys), chances(once, greys))


def test_a_window_of_one_pixel_sees_no_shape():
    """Its answer is that of the greys in any order; a square of nine pixels knows neighbours."""
    greys, _ = load_digits()
    mixed = greys[:4, torch.randperm(64, generator=torch.Generator().manual_seed(0))]
    torch.manual_seed(0)
    for name, sees_shapes in (("window-1", False), ("window-3", True)):
        reader = DigitReader(READERS[name])
        for weight in reader.parameters():
            torch.nn.init.normal_(weight, std=0.5)
        with torch.no_grad():
            changes = (reader(greys[:4]) - reader(mixed)).abs().max().item()
        assert (changes > 0.01) == sees_shapes


@pytest.mark.parametrize("kernel", ["dense", "band_torch", "band_numba"])
@pytest.mark.parametrize("name", ["window-3", "dilated", "swin"])
def test_every_kernel_gives_a_reader_the_same_answer(name, kernel):
    torch.manual_seed(0)
    reader, greys = DigitReader(READERS[name]), load_digits()[0][:2]
    with torch.no_grad():
        torch.testing.assert_close(reader(greys, kernel), reader(greys), atol=1e-4, rtol=1e-4)


def test_a_reader_learns():
    few = train_reader("window-3", seed=0, n_steps=60)
    assert accuracy(few, held_out=False) > 0.2  # one in ten by chance


def test_a_photograph_has_as_many_bytes_as_its_patches_need():
    for each in photographs().values():
        n_bytes = 3 * each["height"] * each["width"] * each["patch"] ** 2
        assert len(bytes.fromhex(each["pixels"])) == n_bytes
