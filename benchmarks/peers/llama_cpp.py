"""llama.cpp's attention for the processor: `ggml_flash_attn_ext`, called in its own library.

llama.cpp tells it the window by a mask of 16-bit numbers, 0 or minus infinity, as here.  Keys and
values stay in 32 bits, so that the comparison is one of equals.
"""

import ctypes
import math
from ctypes import c_bool, c_float, c_int, c_int64, c_size_t, c_void_p
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch

from swa_viz.patterns import Pattern, build_mask
from swa_viz.shapes import Tensor
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape, whole_square

FLOAT32, FLOAT16 = 0, 1  # enum ggml_type
PRECISE = 10  # GGML_PREC_F32
ROOM = 2**20  # for its small structures


class InitParams(ctypes.Structure):
    """struct ggml_init_params."""

    _fields_ = (("mem_size", c_size_t), ("mem_buffer", c_void_p), ("no_alloc", c_bool))


# From ggml.h, ggml-backend.h and ggml-cpu.h: what a function gives, and what it takes.
SIGNATURES = {
    "ggml_init": (c_void_p, [InitParams]),
    "ggml_free": (None, [c_void_p]),
    "ggml_new_tensor_4d": (c_void_p, [c_void_p, c_int, c_int64, c_int64, c_int64, c_int64]),
    "ggml_get_data": (c_void_p, [c_void_p]),
    "ggml_flash_attn_ext": (c_void_p, [c_void_p] * 5 + [c_float] * 3),
    "ggml_flash_attn_ext_set_prec": (None, [c_void_p, c_int]),
    "ggml_new_graph": (c_void_p, [c_void_p]),
    "ggml_build_forward_expand": (None, [c_void_p, c_void_p]),
    "ggml_backend_cpu_init": (c_void_p, []),
    "ggml_backend_cpu_set_n_threads": (None, [c_void_p, c_int]),
    "ggml_backend_graph_compute": (c_int, [c_void_p, c_void_p]),
}


@cache
def library() -> dict[str, ctypes._CFuncPtr]:
    """The functions by name, from the libraries that the package brings along."""
    folder = Path(find_spec("llama_cpp").submodule_search_locations[0]) / "lib"
    files = [min(folder.glob(f"*{name}.*")) for name in ("ggml-base", "ggml-cpu")]
    parts = [ctypes.CDLL(str(file), mode=ctypes.RTLD_GLOBAL) for file in files]
    functions = {}
    for name, (gives, takes) in SIGNATURES.items():
        function = next(getattr(part, name) for part in parts if hasattr(part, name))
        function.restype, function.argtypes = gives, takes
        functions[name] = function
    return functions


@cache
def processor() -> int:
    """The processor as ggml sees it: it keeps its scratch memory from one run to the next."""
    return library()["ggml_backend_cpu_init"]()


class Memory:
    """One piece of memory of ggml's, given back when nobody holds it any more."""

    def __init__(self, n_bytes: int):
        self.address = library()["ggml_init"](InitParams(n_bytes, None, False))

    def __del__(self):
        library()["ggml_free"](self.address)

    def put(self, numbers: Tensor, dtype: int) -> int:
        """A tensor of ggml's [1, heads, rows, columns] with these numbers; its address."""
        ggml, numbers = library(), numbers.contiguous()
        axes = reversed(numbers.shape)
        tensor = ggml["ggml_new_tensor_4d"](self.address, dtype, *axes)
        ctypes.memmove(ggml["ggml_get_data"](tensor), numbers.data_ptr(), numbers.nbytes)
        return tensor


class Graph(NamedTuple):
    """What one run needs; it keeps its memory alive."""

    memory: Memory
    graph: int
    output: int


def build(inputs: Inputs, pattern: Pattern) -> Graph:
    """A graph of one operator, with all its numbers in place."""
    ggml, n = library(), inputs.shape.seq_len
    mask = torch.zeros(1, 1, n, n, dtype=torch.float16)
    mask.masked_fill_(~build_mask(pattern, n, n), -torch.inf)
    n_bytes = sum(t.nbytes for t in inputs) + 2 * inputs.query.nbytes + mask.nbytes + ROOM
    memory = Memory(n_bytes)
    tensors = [memory.put(t, FLOAT32) for t in inputs] + [memory.put(mask, FLOAT16)]
    scale = 1 / math.sqrt(inputs.shape.head_dim)
    output = ggml["ggml_flash_attn_ext"](memory.address, *tensors, scale, 0.0, 0.0)
    ggml["ggml_flash_attn_ext_set_prec"](output, PRECISE)
    graph = ggml["ggml_new_graph"](memory.address)
    ggml["ggml_build_forward_expand"](graph, output)
    return Graph(memory, graph, output)


def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
    """The mask is the same in every layer, so drawing it is not timed."""
    ggml, shape = library(), inputs.shape
    built = build(inputs, pattern)

    def call() -> None:
        ggml["ggml_backend_cpu_set_n_threads"](processor(), torch.get_num_threads())
        ggml["ggml_backend_graph_compute"](processor(), built.graph)

    def read(_: None) -> Tensor:
        rows = torch.empty(1, shape.seq_len, shape.n_heads, shape.head_dim)
        ctypes.memmove(rows.data_ptr(), ggml["ggml_get_data"](built.output), rows.nbytes)
        return rows.transpose(1, 2)

    return Prepared(call, read)


def n_bytes(pattern: Pattern, shape: Shape) -> int:
    """The mask, as truths, as numbers of 16 bits, and once more in ggml's own memory."""
    return 8 * shape.seq_len**2


LLAMA_CPP = Contender(
    "llama_cpp",
    "llama.cpp's ggml_flash_attn_ext, with the pattern as a mask",
    prepare,
    work=whole_square,
    n_bytes=n_bytes,
    package="llama-cpp-python",
    module="llama_cpp",
)
