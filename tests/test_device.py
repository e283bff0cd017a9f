"""Where the model computes: on the device that is named, whatever torch's own defaults are."""

import pytest
import torch

from swa_viz.experiments import measured_influence, omission
from swa_viz.kernels import attend
from swa_viz.models import load_model
from swa_viz.models.device import chosen_device
from swa_viz.patterns import Causal, PerHead, SinkWindow, SlidingWindow, build_mask

MIXED = (SlidingWindow(3), Causal(), SinkWindow(2, 1)) * 2
N_CARDS = 2


@pytest.fixture
def variable(monkeypatch):
    """Set the environment variable."""
    return lambda value: monkeypatch.setenv("SWA_VIZ_DEVICE", value)


@pytest.fixture
def no_cards(monkeypatch):
    """A machine with a processor only."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)


@pytest.fixture
def two_cards(monkeypatch):
    """A machine with two CUDA devices."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: N_CARDS)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)


def test_auto_is_cuda_where_there_is_one(two_cards, variable):
    variable("auto")
    assert chosen_device() == chosen_device("auto") == torch.device("cuda")
    assert chosen_device("cuda:1") == torch.device("cuda", 1)


@pytest.mark.parametrize("value", ["auto", "", "cpu"])
def test_without_cuda_it_is_the_processor(no_cards, variable, value):
    variable(value)
    assert chosen_device() == torch.device("cpu")
    assert load_model("tiny-swa").device == torch.device("cpu")


def test_a_given_device_counts_more_than_the_variable(no_cards, variable):
    variable("cuda")
    assert load_model("tiny-swa", "cpu").device == torch.device("cpu")
    assert chosen_device(torch.device("cpu")) == chosen_device("cpu:0") == torch.device("cpu")


@pytest.mark.parametrize("value", ["gpu", "cuda:", "cuda:-1", "cuda:x", "meta", "CPU0", "0", " "])
def test_nonsense_is_told_what_is_allowed(variable, value):
    variable(value)
    allowed = "SWA_VIZ_DEVICE must be auto, cpu, cuda, cuda:1 and so on, or mps, but it is"
    for ask in (chosen_device, lambda: load_model("tiny-swa")):
        with pytest.raises(ValueError, match=allowed):
            ask()


@pytest.mark.parametrize("value", ["cuda", "cuda:0", "mps", "cpu:1"])
def test_a_device_that_is_not_there_is_told_which_are(no_cards, value):
    with pytest.raises(ValueError, match=f"device is '{value}', .* one of auto, cpu$"):
        load_model("tiny-swa", value)


def test_a_card_too_many(two_cards):
    with pytest.raises(ValueError, match="one of auto, cpu, cuda:0, cuda:1$"):
        chosen_device("cuda:2")


@pytest.mark.parametrize("device", [0, True, 1.5, b"cpu"])
def test_no_name_at_all(shapes_unchecked, device):
    with pytest.raises(ValueError, match="device must be auto, cpu"):
        chosen_device(device)


def answers(model) -> dict:
    """What the model says, in every way in which it can be asked."""
    token_ids = model.encode("The old man rowed his small boat")
    trace = model.run(token_ids, MIXED)
    influence = measured_influence(model, token_ids, MIXED)
    return {
        "logits": model.logits(token_ids, MIXED),
        "trace": trace.logits,
        "weights": torch.stack([layer.weights for layer in trace.layers]),
        "influence": influence,
        "omission": omission(model, token_ids, 2).kl_bits,
        "drawn": list(model.generate("Once", 4, MIXED, seed=1, top_k=9, top_p=0.9)),
    }


def set_defaults(dtype=torch.float32, device="cpu"):
    """Torch's defaults for new tensors."""
    torch.set_default_dtype(dtype)
    torch.set_default_device(device)


@pytest.fixture
def defaults():
    """Change torch's defaults, and put them back in the end."""
    yield set_defaults
    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)


@pytest.fixture(scope="module")
def expected():
    return answers(load_model("tiny-swa", "cpu"))


@pytest.mark.parametrize(
    "changed",
    [
        {"dtype": torch.float64},
        {"dtype": torch.float16},
        {"dtype": torch.bfloat16},
        {"device": "meta"},
    ],
    ids=str,
)
@pytest.mark.parametrize("when", ["before loading", "while loading", "after loading"])
def test_the_defaults_of_torch_change_nothing(expected, defaults, changed, when):
    if when != "after loading":
        defaults(**changed)
    model = load_model("tiny-swa", "cpu")
    defaults(**({} if when == "while loading" else changed))
    found = answers(model)
    defaults()
    assert found.pop("drawn") == expected["drawn"]
    for name, tensor in found.items():
        assert tensor.dtype == expected[name].dtype == torch.float32 or name == "omission"
        assert torch.equal(tensor, expected[name]), name


def test_a_model_that_was_loaded_in_inference_mode_has_gradients(expected):
    with torch.inference_mode():
        model = load_model("tiny-swa", "cpu")
        within = answers(model)["influence"]
    assert torch.equal(within, expected["influence"])
    assert torch.equal(answers(model)["influence"], expected["influence"])


def test_a_mask_lies_on_the_processor(defaults):
    defaults(device="meta")
    assert build_mask(SlidingWindow(2), 2, 3).tolist() == [[True, True, False], [False, True, True]]


def test_heads_that_differ_are_put_in_order_where_their_numbers_are(defaults):
    inputs = torch.randn(3, 2, 5, 4)
    defaults(device="meta")
    output = attend(*inputs, PerHead((SlidingWindow(1), Causal())))
    assert torch.equal(output[0], inputs[2, 0])
