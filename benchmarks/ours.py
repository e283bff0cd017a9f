"""Our own kernels, as the library calls them: nothing is prepared, the plan is part of the time."""

from benchmarks.contender import Contender, Inputs, Prepared, Shape
from swa_viz.kernels import KERNELS
from swa_viz.kernels.kernel import Kernel
from swa_viz.patterns import Pattern


def contender(kernel: Kernel, package: str = "torch") -> Contender:
    """A kernel of the library enters the race as it is."""

    def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
        return Prepared(lambda: kernel(*inputs, pattern))

    def refuse(pattern: Pattern, shape: Shape) -> str | None:
        return kernel.supports(pattern)

    return Contender(kernel.name, kernel.idea, prepare, refuse, package=package, module=package)


BAND_NUMBA = contender(KERNELS["band_numba"], "numba")
BAND_TORCH = contender(KERNELS["band_torch"])
SDPA_FULL = contender(KERNELS["sdpa_full"])
