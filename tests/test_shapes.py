"""The tests' own check of types and shapes lets nothing through, and can be switched off."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest
import torch
from jaxtyping import Float, TypeCheckError
from torch import Tensor

import tests.shapes
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
def mixed(
    weights: tuple[Float[Tensor, " n"] | Float[np.ndarray, " n"], ...] | None,
    which: Literal["first", "last"] = "first",
) -> Float[Tensor, " m"]:
    return weights[-(which == "last")]


@of_package
def pair(items: tuple[Float[Tensor, " n"], int | None]) -> tuple[int | None, Float[Tensor, " n"]]:
    return items[::-1] if items[1] != 0 else items


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


PLAIN = torch.ones(4, 2)
SEEN = {
    "other axes": (rows, (PLAIN, 3, False), (torch.ones(4), 3, False)),
    "numbers of another type": (rows, (PLAIN, 3, False), (PLAIN.int(), 3, False)),
    "an array of another kind": (rows, (PLAIN, 3, False), (PLAIN.numpy(), 3, False)),
    "another type": (rows, (PLAIN, 3, False), (PLAIN, 3.0, False)),
    "another result": (rows, (PLAIN, 3, False), (PLAIN, 3, True)),
    "two lengths": (added, (torch.ones(3), torch.ones(3)), (torch.ones(3), torch.ones(4))),
    "another item": (pair, ((torch.ones(3), 1),), ((torch.ones(3), "1"),)),
    "one item more": (pair, ((torch.ones(3), 1),), ((torch.ones(3), 1, 1),)),
    "items in another order": (pair, ((torch.ones(3), 1),), ((torch.ones(3), 0),)),
    "another word": (mixed, ((torch.ones(3),), "last"), ((torch.ones(3),), "lost")),
    "another array": (mixed, ((torch.ones(3),) * 2, "last"), ((torch.ones(3), np.ones(3)), "last")),
    "a field": (Pair, (1, torch.ones(3)), (1, torch.ones(3, 3))),
}


@pytest.mark.parametrize(("function", "right", "wrong"), SEEN.values(), ids=SEEN)
def test_it_is_refused_after_right_calls_too(function, right, wrong):
    for _ in range(3):
        function(*right)
        with pytest.raises(TypeCheckError):
            function(*wrong)


def test_a_refused_call_is_refused_again():
    for _ in range(3):
        with pytest.raises(TypeCheckError):
            added(torch.ones(7), torch.ones(8))
        with pytest.raises(TypeCheckError):
            rows(torch.ones(9, 2), 3, True)


def test_calls_of_one_kind_are_checked_once(monkeypatch):
    entered = []
    monkeypatch.setattr(tests.shapes, "by_jaxtyping", lambda _: entered.append(1) or nullcontext())
    for _ in range(5):
        added(torch.ones(11), torch.ones(11))
    assert len(entered) == 1
    for n_rows in (1, 2, 1, 2):  # the same arguments for the check, and two results
        rows(torch.ones(11, 3), n_rows)
    assert len(entered) == 3


def test_one_call_s_lengths_are_forgotten_by_the_next():
    assert added(torch.ones(3), torch.ones(3)).shape == (3,)
    assert added(torch.ones(5), torch.ones(5)).shape == (5,)


def test_it_can_be_switched_off(shapes_unchecked):
    assert double("2") == "22" and double(0) == "nothing"
