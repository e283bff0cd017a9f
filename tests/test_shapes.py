"""The tests' own check of types and shapes lets nothing through, and can be switched off."""

from dataclasses import dataclass

import pytest
import torch
from jaxtyping import Float, TypeCheckError
from torch import Tensor

from swa_viz.attention import attention
from swa_viz.models import load_model
from swa_viz.patterns import SlidingWindow
from tests.shapes import checked


def of_package(thing):
    """As the import hook leaves it."""
    return checked(thing, typechecker=None)


@of_package
def rows(table: Float[Tensor, "n d"], n_rows: int, wrong: bool = False) -> Float[Tensor, "m d"]:
    return table[:n_rows, wrong:]


@of_package
def added(one: Float[Tensor, " n"], other: Float[Tensor, " n"]) -> Float[Tensor, " n"]:
    return one + other


@of_package
def double(n: int) -> int:
    return n * 2 if n else "nothing"


@of_package
@dataclass
class Pair:
    first: int
    second: Float[Tensor, " n"]


def test_what_fits_is_let_through():
    assert rows(torch.ones(4, 2), 3).shape == (3, 2)
    assert added(torch.ones(3), torch.ones(3)).tolist() == [2, 2, 2]
    assert double(2) == 4 and Pair(1, torch.ones(3)).first == 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: rows(torch.ones(4), 3),
        lambda: rows(torch.ones(4, 2), 3.5),
        lambda: rows(torch.ones(4, 2), 3, wrong=True),
        lambda: added(torch.ones(3), torch.ones(4)),
        lambda: double("2"),
        lambda: double(0),
        lambda: Pair("1", torch.ones(3)),
        lambda: Pair(1, torch.ones(3, 3)),
        lambda: attention(*torch.ones(2, 1, 5, 4), torch.ones(1, 4, 4), SlidingWindow(2)),
        lambda: load_model("tiny-swa").encode(3),
    ],
    ids=["axes", "type", "result's axis", "two lengths", "plain", "plain result", "field",
         "field's axes", "of the package", "plain of the package"],
)  # fmt: skip
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(TypeCheckError):
        wrong()


def test_one_call_s_lengths_are_forgotten_by_the_next():
    assert added(torch.ones(3), torch.ones(3)).shape == (3,)
    assert added(torch.ones(5), torch.ones(5)).shape == (5,)


def test_it_can_be_switched_off(shapes_unchecked):
    assert double("2") == "22" and double(0) == "nothing"
