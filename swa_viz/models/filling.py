"""Make a transformer from numbers that exist already, without random ones before."""

from collections.abc import Callable, Mapping

import torch
from torch.overrides import TorchFunctionMode

from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.shapes import Tensor


class Unfilled(TorchFunctionMode):
    """Inside, modules do not begin with random numbers: that would load torch's compiler, 1.3 s."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if getattr(function, "__module__", None) == "torch.nn.init":
            return None
        return function(*args, **(kwargs or {}))


def unfilled_transformer(config: TransformerConfig) -> Transformer:
    """The shapes alone: its parameters hold no numbers yet."""
    with torch.device("meta"), Unfilled():
        return Transformer(config)


@torch.inference_mode(False)  # weights that are made in inference mode can have no gradients
def fill(
    transformer: Transformer,
    stored: Mapping[str, Callable[[], Tensor]],
    device: torch.device,
) -> Transformer:
    """The transformer with its stored numbers, in float32; `stored` reads each one by its name.

    Raises ValueError for one that is missing, and for shapes that are not the parameters'.
    """
    numbers = {}
    for name, parameter in transformer.state_dict().items():
        if name not in stored:
            raise ValueError(f"the file holds no {name}, which its config.json asks for")
        tensor = stored[name]()
        if tensor.shape != parameter.shape:
            shapes = f"{tuple(tensor.shape)} and not {tuple(parameter.shape)}"
            raise ValueError(f"{name} is {shapes}: the file does not fit its config.json")
        numbers[name] = tensor.to(device, torch.float32)
    transformer.load_state_dict(numbers, assign=True)
    return transformer
