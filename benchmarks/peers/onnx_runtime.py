"""ONNX Runtime's GroupQueryAttention with `local_window_size`, which reads that many keys."""

import numpy as np
import torch

from swa_viz.cost import score_pairs
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.shapes import Tensor
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape

NO_WINDOW = -1


def graph(shape: Shape, local_window_size: int) -> bytes:
    """A model of one operator, without a past."""
    from onnx import TensorProto, helper

    n, heads = shape.seq_len, (shape.n_heads, shape.n_kv_heads, shape.n_kv_heads)
    number, whole, tensor = TensorProto.FLOAT, TensorProto.INT32, helper.make_tensor_value_info
    axes = zip(("query", "key", "value"), heads, strict=True)
    past = [1, shape.n_kv_heads, 0, shape.head_dim]
    inputs = [tensor(name, number, [1, n, h * shape.head_dim]) for name, h in axes]
    inputs += [tensor(name, number, past) for name in ("past_key", "past_value")]
    inputs += [tensor(name, whole, [1]) for name in ("last_position", "total_length")]
    outputs = [tensor(name, number, None) for name in ("output", "kept_key", "kept_value")]
    node = helper.make_node(
        "GroupQueryAttention",
        [value.name for value in inputs],
        [value.name for value in outputs],
        domain="com.microsoft",
        num_heads=shape.n_heads,
        kv_num_heads=shape.n_kv_heads,
        local_window_size=local_window_size,
    )
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    made = helper.make_graph([node], "one_layer", inputs, outputs)
    return helper.make_model(made, opset_imports=versions, ir_version=9).SerializeToString()


def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
    """A session with our number of threads, and the heads beside each other in one row."""
    import onnxruntime

    shape, n = inputs.shape, inputs.shape.seq_len
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    window_size = pattern.window_size if isinstance(pattern, SlidingWindow) else NO_WINDOW
    session = onnxruntime.InferenceSession(
        graph(shape, window_size), options, providers=["CPUExecutionProvider"]
    )
    no_past = np.empty((1, shape.n_kv_heads, 0, shape.head_dim), np.float32)
    packed = (t.transpose(1, 2).reshape(1, n, -1).numpy() for t in inputs)
    feed = dict(zip(("query", "key", "value"), packed, strict=True))
    feed |= {"past_key": no_past, "past_value": no_past}
    feed |= {"last_position": np.int32([n - 1]), "total_length": np.int32([n])}

    def read(outputs: list[np.ndarray]) -> Tensor:
        rows = torch.from_numpy(outputs[0])
        return rows.view(1, n, shape.n_heads, shape.head_dim).transpose(1, 2)

    return Prepared(lambda: session.run(["output"], feed), read)


def refuse(request: Request, shape: Shape) -> str | None:
    """A sliding window, or none."""
    if isinstance(request.pattern, SlidingWindow | Causal):
        return None
    return "it does sliding windows and full causal attention"


ONNX_RUNTIME = Contender(
    "onnxruntime_gqa",
    "ONNX Runtime's GroupQueryAttention with local_window_size",
    prepare,
    refuse,
    work=lambda pattern, shape: score_pairs(Causal(), shape.seq_len),
    package="onnxruntime",
    module="onnxruntime",
)
