"""Reach is exact on the real model: a bit inside it matters, a token beyond it does not at all."""

import numpy as np
import pytest
import torch

from swa_viz.experiments import measured_influence, omission, perturbation
from swa_viz.experiments.influence import Without, residual_states
from swa_viz.models import load_model
from swa_viz.patterns import (
    Causal,
    Chunked,
    DilatedWindow,
    SinkWindow,
    SlidingWindow,
)
from swa_viz.reach import reach, reachable

TEXT = (
    "The whale came up again, and the boats lay still upon the water while every man looked "
    "at the place where he had gone down, and nobody said a word until the captain spoke."
)
N_LAYERS = 6
SCHEDULES = [
    (SlidingWindow(2),) * N_LAYERS,
    (SlidingWindow(4),) * N_LAYERS,
    (SlidingWindow(1),) * 3 + (SlidingWindow(6),) * 3,
    (SinkWindow(2, 2),) * N_LAYERS,
    (DilatedWindow(2, 3),) * N_LAYERS,
    (Chunked(5), SlidingWindow(3)) * 3,
    (SlidingWindow(2), Causal(), *(SlidingWindow(2),) * 4),
]


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


@pytest.fixture(scope="module")
def token_ids(model):
    return model.encode(TEXT)[:40]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("query_pos", [0, 22, 39])
def test_influence_is_zero_exactly_beyond_the_reach(model, token_ids, schedule, query_pos):
    influence = measured_influence(model, token_ids, schedule, query_pos)
    assert influence.shape == (N_LAYERS + 1, len(token_ids))
    expected = torch.from_numpy(reachable(schedule, query_pos, len(token_ids)))
    assert torch.equal(influence > 0, expected)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_a_changed_token_changes_what_can_reach_it_and_nothing_else(model, token_ids, schedule):
    n = len(token_ids)
    can_matter = np.stack([reachable(schedule, query_pos, n)[0] for query_pos in range(n)])
    for position in (0, 11, 12):
        replaced = list(token_ids)
        replaced[position] = model.encode(" king")[0]
        change = perturbation(model, token_ids, replaced, schedule)
        assert change.changed.tolist() == can_matter[:, position].tolist(), position
        assert (change.kl_bits.numpy()[~can_matter[:, position]] == 0).all(), position


def test_the_last_token_that_moves_is_the_last_in_reach(model, token_ids):
    schedule = (SlidingWindow(4),) * N_LAYERS
    replaced = [model.encode(" king")[0], *token_ids[1:]]
    change = perturbation(model, token_ids, replaced, schedule)
    assert change.changed.nonzero().max() == reach(schedule) - 1
    assert change.kl_bits[0] > 0.1


def test_nothing_replaced_nothing_changed(model, token_ids):
    change = perturbation(model, token_ids, list(token_ids))
    assert not change.changed.any() and (change.kl_bits == 0).all()


def test_texts_of_different_length_are_refused(model, token_ids):
    with pytest.raises(ValueError, match="equally many tokens"):
        perturbation(model, token_ids, token_ids[:-1])


def test_an_omitted_token_matters_within_reach_only_and_not_to_itself(model, token_ids):
    change = omission(model, token_ids, 10, (SlidingWindow(4),) * N_LAYERS)
    assert change.changed.nonzero().flatten().tolist() == list(range(11, 11 + 18))


def test_an_omitted_token_is_read_by_nobody_but_itself():
    pattern = Without(SlidingWindow(2), position=1)
    seen = [[int(pattern.visible(q, k)) for k in range(4)] for q in range(4)]
    assert seen == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]]


def test_the_size_is_that_of_the_jacobian(model, token_ids):
    tokens, query_pos = torch.tensor(token_ids[:9]), 8
    schedule = (SlidingWindow(3),) * N_LAYERS
    states = residual_states(model, tokens, schedule)
    d_model = model.config.d_model
    rows = torch.autograd.grad(
        states[-1][query_pos], states, torch.eye(d_model), is_grads_batched=True
    )
    exact = torch.stack([row.square().sum(dim=(0, 2)).div(d_model).sqrt() for row in rows])
    estimated = measured_influence(model, tokens, schedule, query_pos, n_probes=64)
    torch.testing.assert_close(estimated, exact, rtol=0.15, atol=1e-6)
    assert exact[-1, query_pos] == estimated[-1, query_pos] == 1


def test_influence_is_the_same_every_time(model, token_ids):
    first, second = (measured_influence(model, token_ids, query_pos=20) for _ in range(2))
    assert torch.equal(first, second)


def test_a_query_outside_the_text_is_refused(model, token_ids):
    with pytest.raises(ValueError, match="query_pos must be below 40"):
        measured_influence(model, token_ids, query_pos=40)
