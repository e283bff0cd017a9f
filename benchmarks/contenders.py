"""Everyone in the race, as one table.  A new contender is one file and one word here."""

from benchmarks.peers.flex import FLEX
from benchmarks.peers.llama_cpp import LLAMA_CPP
from benchmarks.peers.local_attention import LOCAL_ATTENTION
from benchmarks.peers.longformer import LONGFORMER
from benchmarks.peers.natten import NATTEN
from benchmarks.peers.onnx_runtime import ONNX_RUNTIME
from swa_viz.timing.contender import Contender
from swa_viz.timing.contenders import BAND_NUMBA, BAND_TORCH, SDPA_FULL, SDPA_MASK

OURS = (BAND_NUMBA, BAND_TORCH)
FULL = SDPA_FULL  # the full causal attention that a window is measured against
PEERS = (SDPA_MASK, FLEX, LOCAL_ATTENTION, LONGFORMER, ONNX_RUNTIME, NATTEN, LLAMA_CPP)
CONTENDERS: dict[str, Contender] = {c.name: c for c in (FULL, *OURS, *PEERS)}
