"""torch's FlexAttention, compiled for the processor by torch and a C++ compiler.

It skips blocks of 128 x 128 pairs that the pattern leaves empty (PyTorch, "FlexAttention", 2024).
"""

import os
import shutil
from functools import cache

import torch
from torch.nn.attention.flex_attention import create_block_mask, flex_attention

from swa_viz.cost import score_pairs
from swa_viz.patterns import Pattern
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape

BLOCK = 128
COMPILED_BLOCK_MASK = 8192  # tokens: beyond, the mask is compiled too, so that it is never drawn
VARIANTS = 1024  # torch stops compiling after eight variants of one function; we need one per case


@cache
def compiled():
    """The fused kernel; torch compiles it anew for every pattern and shape, on the first call."""
    torch._dynamo.config.recompile_limit = VARIANTS
    return torch.compile(flex_attention, dynamic=False)


def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
    """The block mask is the same in every layer, so making it is not timed."""
    n = inputs.shape.seq_len
    mask = create_block_mask(
        lambda batch, head, row, key_pos: pattern.visible(row, key_pos),
        B=None,
        H=None,
        Q_LEN=n,
        KV_LEN=n,
        device="cpu",
        _compile=n > COMPILED_BLOCK_MASK,
    )
    grouped = inputs.shape.n_kv_heads < inputs.shape.n_heads
    return Prepared(lambda: compiled()(*inputs, block_mask=mask, enable_gqa=grouped))


def work(pattern: Pattern, shape: Shape) -> int:
    """Every query of a block sees all the keys of the blocks that the block touches."""
    return score_pairs(pattern, shape.seq_len) + shape.seq_len * BLOCK


def missing() -> str | None:
    """It needs a C++ compiler at run time."""
    compilers = (os.environ.get("CXX", "g++"), "clang++")
    return None if any(map(shutil.which, compilers)) else "there is no C++ compiler (g++, clang++)"


FLEX = Contender(
    "flex_compiled",
    "torch's FlexAttention, compiled",
    prepare,
    work=work,
    missing=missing,
)
