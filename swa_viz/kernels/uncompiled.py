"""`attend` as torch's compiler leaves it alone.

A file of its own, because naming that compiler imports it, and that takes more than a second.
"""

import torch

from swa_viz.kernels import attend

uncompiled = torch.compiler.disable(
    attend.__wrapped__,
    reason="attend chooses a kernel by the tensors it gets; without fullgraph=True it is called "
    "between two compiled parts",
)
