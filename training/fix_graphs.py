"""Bundle the small models of `swa_viz/experiments/fixes.py`, and their graphs for the browser.

    python -m training.fix_graphs [--runs build/fixes]

It copies the models of seed 0, which `training/fixes.py` has trained, and writes one graph for all
that have the same blocks and one for each of the others.  A graph holds no numbers of a model: each
is a place in the model's file.  Which keys a head reads enters as a mask, but for learned spans.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from einops import rearrange
from torch import nn

from swa_viz.attention import visible_pairs
from swa_viz.experiments.far_tasks import N_COPIED, TEXT_LEN, WORDS
from swa_viz.experiments.fix_models import FOLDER, load_fix, read_with
from swa_viz.experiments.fixes import BLANK, FIXES, N_HEADS, N_LAYERS, Fix
from swa_viz.models.blocks import Block
from swa_viz.models.global_projections import GlobalProjectionsBlock
from swa_viz.models.spans import AdaptiveSpanBlock
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Pattern, PerHead
from swa_viz.shapes import Bool, Int, Tensor
from training.browser_export import (
    OPSET,
    forget_origin,
    places_in,
    point_outside,
    with_constants_folded,
)
from training.browser_graphs import Steps, masked_attention

SHARED = "plain"
# The queries at which a word can be asked for, and the one before them.
ROWS = N_COPIED + 1


class PuzzleGraph(nn.Module):
    """token_ids, visible -> logits and weights of the last queries, and what blocks have learned.

    A model with learned spans takes no masks.
    """

    def __init__(self, transformer: Transformer):
        super().__init__()
        self.transformer = transformer
        everything = masked_attention(torch.ones(TEXT_LEN, TEXT_LEN).bool(), [])
        for block in transformer.blocks:
            if isinstance(block, GlobalProjectionsBlock):
                block.attend_to_all = everything

    def forward(
        self, token_ids: Int[Tensor, " n"], visible: Bool[Tensor, "n_layers n_heads n n"]
    ) -> tuple[Tensor, ...]:
        """The outputs in the order of `outputs_of`."""
        kept: list[Steps] = []
        attends = [
            masked_attention(mask, kept, by_head(block))
            for mask, block in zip(visible, self.transformer.blocks, strict=True)
        ]
        reading = read_with(self.transformer, token_ids, attends, kept)
        beside = (reading.spans, reading.gates)
        rows = reading.logits[-ROWS:], reading.weights[:, :, -ROWS:]
        return (*rows, *(learned for learned in beside if learned is not None))


def by_head(block: Block) -> Tensor | None:
    """The sink logit of each head, if the block has some."""
    return None if block.sink_logit is None else rearrange(block.sink_logit, "heads -> heads 1 1")


def outputs_of(transformer: Transformer) -> list[str]:
    """What a graph gives."""
    names = ["logits", "weights"]
    if isinstance(transformer.blocks[0], AdaptiveSpanBlock):
        return [*names, "spans"]
    return [*names, "gates"] if hasattr(transformer.blocks[0], "gate") else names


def write_graph(name: str, path: Path) -> None:
    """Write the graph of a model."""
    transformer = load_fix(name).transformer
    places = places_in(FOLDER / f"{name}.safetensors")
    program = torch.onnx.export(
        torch.export.export(
            PuzzleGraph(transformer).eval(), (torch.zeros(TEXT_LEN).long(), masks_of(FIXES[name]))
        ),
        dynamo=True,
        input_names=["token_ids", "visible"],
        output_names=outputs_of(transformer),
        opset_version=OPSET,
        verbose=False,
        optimize=False,
    )
    model = with_constants_folded(program.model_proto, places)
    point_outside(model, places)
    forget_origin(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def masks_of(fix: Fix) -> Bool[Tensor, "n_layers n_heads n n"]:
    """The masks that a model's graph is fed."""
    here = torch.device("cpu")
    drawn = [visible_pairs(pattern, TEXT_LEN, TEXT_LEN, here) for pattern in fix.layers()]
    return torch.stack([mask.expand(N_HEADS, TEXT_LEN, TEXT_LEN) for mask in drawn])


def graph_of(name: str) -> str:
    """The name of the graph of a model: its own where its blocks or its layers are its own."""
    fix = FIXES[name]
    own = fix.block is not Block or fix.sink_logits or fix.n_layers != N_LAYERS
    return name if own else SHARED


def plain(pattern: Pattern | PerHead) -> dict:
    """A layer as plain data."""
    if isinstance(pattern, PerHead):
        return {"heads": [each.to_plain() for each in pattern.patterns]}
    return pattern.to_plain()


def table() -> dict:
    """What a browser must know of the models: their words, and how each of them reads."""
    return {
        **{"words": list(WORDS), "blank": BLANK, "length": TEXT_LEN, "most_asked": N_COPIED},
        "models": {
            name: {"causal": fix.causal, "schedule": [plain(each) for each in fix.layers()]}
            for name, fix in FIXES.items()
        },
    }


def main() -> None:
    """Bundle the models, if they are trained, and write the graphs and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, default=Path("build/fixes"))
    runs = parser.parse_args().runs
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in FIXES:
        if (trained := runs / f"{name}-0" / "model.safetensors").is_file():
            shutil.copyfile(trained, FOLDER / f"{name}.safetensors")
    (FOLDER / "table.json").write_text(json.dumps(table(), separators=(",", ":")) + "\n")
    for graph, name in {graph_of(name): name for name in FIXES}.items():
        write_graph(name, FOLDER / f"{graph}.onnx")
        print(f"{graph}.onnx")


if __name__ == "__main__":
    main()
