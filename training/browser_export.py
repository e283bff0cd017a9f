"""Write the model's graphs for the browser: ONNX files that hold no weights of their own.

    python -m training.browser_export [MODEL ...]

Each weight of a graph is a place among the numbers of `model.safetensors`, the file that Python
loads too, so there is one copy of the weights, in 16 bits, and the graphs are small.  A browser
turns these numbers into 32 bits itself: a graph that did it was opened later.
"""

import argparse
import json
import re
from collections.abc import Collection
from pathlib import Path

import onnx
import onnx_ir
import torch
from onnx import TensorProto
from onnxscript.optimizer import optimize_ir

from swa_viz.browser_model.rounded_weights import BITS, header_of
from swa_viz.models import MODELS
from swa_viz.models.config import TransformerConfig
from swa_viz.models.table import ModelEntry
from training.browser_errors import largest_errors, on_processor, rounding_errors
from training.browser_graphs import GRAPHS, WEIGHTS, WIDE, Graph

OPSET = 20
LONGEST = 4096
EXAMPLE_LEN = 12
OUTPUTS = {
    "forward": ["logits", "likeliest", "shares", "weights", "scores", "value_starts"],
    "influence": ["influence"],
    "step": ["logits", "keys", "values"],
}
INPUTS = {
    "forward": ("token_ids", "visible", "sink_logit"),
    "influence": ("token_ids", "visible", "top"),
    "step": ("token_ids", "positions", "visible", "past_visible", "past_key", "past_value"),
}


def example_inputs(config: TransformerConfig) -> dict[str, torch.Tensor | list[torch.Tensor]]:
    """Inputs of some length, to trace a graph with; each layer holds another number of slots."""
    n, n_layers = EXAMPLE_LEN, config.n_layers
    slots = [EXAMPLE_LEN + 1 + layer for layer in range(n_layers)]
    past = [torch.zeros(held, config.n_kv_heads, config.head_dim) for held in slots]
    return {
        "token_ids": torch.arange(n),
        "positions": torch.arange(n),
        "visible": torch.ones(n, n).tril().bool().repeat(n_layers, 1, 1),
        "sink_logit": torch.zeros(1),
        "top": torch.ones(n_layers + 1, n),
        "past_visible": [torch.ones(n, held).bool() for held in slots],
        "past_key": past,
        "past_value": [each.clone() for each in past],
    }


def dynamic_axes(n_layers: int) -> dict[str, dict | list[dict]]:
    """Which axes of the inputs have any length: that of the text, and the slots of each layer."""
    n = torch.export.Dim("n", min=1, max=LONGEST)
    slots = [torch.export.Dim(f"slots_{i}", min=0, max=LONGEST) for i in range(n_layers)]
    alone = {0: n}
    return {
        **{"token_ids": alone, "positions": alone, "visible": {1: n, 2: n}},
        **{"sink_logit": {}, "top": {1: n}},
        "past_visible": [{0: n, 1: held} for held in slots],
        "past_key": [{0: held} for held in slots],
        "past_value": [{0: held} for held in slots],
    }


def input_names(name: str, examples: dict) -> list[str]:
    """What the inputs of a graph are called; those of a list are numbered by their layers."""
    return [
        f"{key}_{layer}" if isinstance(examples[key], list) else key
        for key in INPUTS[name]
        for layer in range(len(examples[key]) if isinstance(examples[key], list) else 1)
    ]


def traced(name: str, graph: Graph) -> onnx.ModelProto:
    """The graph in ONNX, with its weights inside, for texts of any length."""
    config = graph.transformer.config
    examples, dynamic = example_inputs(config), dynamic_axes(config.n_layers)
    inputs = {key: examples[key] for key in INPUTS[name]}
    program = torch.onnx.export(
        torch.export.export(
            graph.eval(),
            tuple(inputs.values()),
            dynamic_shapes={key: dynamic[key] for key in inputs},
        ),
        dynamo=True,
        input_names=input_names(name, examples),
        output_names=OUTPUTS[name],
        opset_version=OPSET,
        verbose=False,
        optimize=False,
    )
    return program.model_proto


def with_constants_folded(model: onnx.ModelProto, weights: Collection[str]) -> onnx.ModelProto:
    """The same graph without what can be computed once and for all: a browser opens it sooner.

    What reads a weight stays, because a folded weight would lie in the graph and not in its file.
    """

    def reads_a_weight(node: onnx_ir.Node) -> bool:
        return any(
            value is not None and weight_name(value.name) in weights for value in node.inputs
        )

    graph = onnx_ir.from_proto(model)
    optimize_ir(graph, should_fold=lambda node: False if reads_a_weight(node) else None)
    return onnx_ir.to_proto(graph)


def weight_name(name: str | None) -> str:
    """The name of a weight in the weights' file, given its name in a graph."""
    return (name or "").removeprefix("transformer.")


def places_in(path: Path) -> dict[str, tuple[int, int, list[int]]]:
    """Where each weight lies among the file's numbers in 32 bits: {name: (offset, length, shape)}.

    Offset and length are in bytes, and twice what they are in the file's 16 bits.
    """
    header, _ = header_of(path.read_bytes())
    return {
        name: (2 * first, 2 * (last - first), entry["shape"])
        for name, entry in json.loads(header[8:]).items()
        if name != "__metadata__"
        for first, last in [entry["data_offsets"]]
    }


def point_outside(model: onnx.ModelProto, places: dict[str, tuple[int, int, list[int]]]) -> None:
    """Replace each weight by its place among the weights in 32 bits."""
    for tensor in model.graph.initializer:
        name = weight_name(tensor.name)
        if name not in places:
            continue
        offset, length, shape = places[name]
        known = tensor.name
        tensor.Clear()
        tensor.name, tensor.data_type = known, TensorProto.FLOAT
        tensor.data_location = TensorProto.EXTERNAL
        tensor.dims.extend(shape)
        for key, value in (("location", WIDE), ("offset", offset), ("length", length)):
            tensor.external_data.add(key=key, value=str(value))


def forget_origin(model: onnx.ModelProto) -> None:
    """Leave out the exporter's notes on every node: they are most of the file, and name paths."""
    del model.graph.value_info[:]
    del model.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.ClearField("doc_string")


def write_graphs(entry: ModelEntry) -> dict[str, int]:
    """Write one ONNX file per graph beside the weights; returns their bytes."""
    transformer, folder = on_processor(entry).transformer, entry.folder
    sizes, places = {}, places_in(folder / WEIGHTS)
    for name, graph in GRAPHS.items():
        model = with_constants_folded(traced(name, graph(transformer)), places)
        point_outside(model, places)
        forget_origin(model)
        path = folder / f"{name}.onnx"
        path.write_bytes(model.SerializeToString(deterministic=True))
        sizes[name] = path.stat().st_size
    return sizes


SECTION = """## In the browser
`forward.onnx` ({forward:,} bytes), `influence.onnx` ({influence:,} bytes) and
`step.onnx` ({step:,} bytes), which goes on reading with a rolling cache, are this model as
graphs for ONNX Runtime, made by `make onnx`.  They read their weights out of `model.safetensors`,
so both engines compute in 32 bits from the same numbers.  The largest difference from the Python
model, over texts of 1 to 128 tokens and four schedules: logits {logits:.0e}, and {step_error:.0e}
if they are read in steps of 1 to 16 tokens; weights {weights:.0e}, influence {influence_error:.0e}.

A page in a single file carries the weights rounded to {bits} bits, else it would be too large.
Over the same texts and schedules that moves attention weights by at most {rounded_weights:.0e}, and
predictions of the next token by at most {rounded_bits:.0e} bits.

"""


def with_section(card: str, section: str) -> str:
    """The model card with this section before its limits, in place of an older one."""
    without = re.sub(r"## In the browser\n.*?(?=^## )", "", card, flags=re.S | re.M)
    return without.replace("## Limits\n", f"{section}## Limits\n")


def export(entry: ModelEntry) -> None:
    """Write the graphs of a model, and their error into its card."""
    sizes = write_graphs(entry)
    errors = largest_errors(entry)
    errors |= {f"{name}_error": errors.pop(name) for name in ("influence", "step")}
    errors |= {"bits": BITS, **rounding_errors(entry)}
    card = entry.folder / "README.md"
    card.write_text(with_section(card.read_text(), SECTION.format(**sizes, **errors)))
    found = ", ".join(f"{name} {value:.3g}" for name, value in (sizes | errors).items())
    print(f"{entry.name}: {found}")


def main() -> None:
    """Write the graphs of the models that are named, or of all that came with the lab."""
    bundled = {name: entry for name, entry in MODELS.items() if entry.bundled}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"out of {', '.join(bundled)}")
    for name in parser.parse_args().models or bundled:
        if name not in bundled:
            parser.error(f"{name} did not come with the lab")
        export(bundled[name])


if __name__ == "__main__":
    main()
