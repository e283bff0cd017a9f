"""Who is timed against whom on the speed page, as data: a forward pass, and a training step.

The one idea: a window is compared twice.  With the `rival`, the best full attention that torch has,
because that is what one would use without it; and with `own_full`, the window's own kernel on full
attention, because only like for like says what the window itself saves.
"""

from dataclasses import dataclass
from functools import cache

import torch

from swa_viz.kernels import choose_kernel
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing.contender import Contender, Shape
from swa_viz.timing.contenders import FORWARD, TRAINING, without_window
from swa_viz.timing.yardstick import CPU

OWN_FULL = "same_full"
STEPS = ("forward pass", "training step")
KERNELS_IN_WORDS = {
    "band_numba": "our kernel",
    "band_torch": "torch in blocks",
    "flex": "FlexAttention",
}
USUAL = SlidingWindow(256), Shape(4096)  # the kernel that is chosen for these is timed everywhere


@dataclass(frozen=True)
class Race:
    """Contenders on a device: `rival`, `own_full`, `window` and `mask` are names of theirs.

    `kernel` is the window's kernel in words.
    """

    contenders: tuple[Contender, ...]
    rival: str
    own_full: str
    window: str
    mask: str
    kernel: str
    device: torch.device = CPU

    @property
    def trains(self) -> bool:
        """Whether it is a race of training steps."""
        return self.contender(self.window).trains

    def contender(self, name: str) -> Contender:
        """Who bears a name."""
        return next(c for c in self.contenders if c.name == name)

    def label(self, name: str) -> str:
        """A contender's name for people."""
        labels = {
            OWN_FULL: f"{self.kernel}, full",
            self.rival: "torch, full",
            self.mask: "torch, full + band mask",
            self.window: f"{self.kernel}, window",
        }
        return labels[name]


@cache
def race_for(step: str, device: torch.device = CPU) -> Race:
    """The race of a `step` on a device: its window is the fastest kernel that can do it.

    A kernel that cannot do full attention has none of its own: then torch's plays both parts.

    Raises KeyError for an unknown step.
    """
    library = dict(zip(STEPS, (FORWARD, TRAINING), strict=True))[step]
    trains = library is TRAINING
    pattern, shape = USUAL
    request = Request(pattern, torch.float32, device.type, trains)
    kernel = choose_kernel(request, shape.seq_len).name
    window = library[kernel]
    rival, mask = library["sdpa_full"], library["sdpa_mask"]
    full = Request(Causal(), torch.float32, device.type, trains)
    own_full = () if window.refuse(full, shape) else (without_window(window, OWN_FULL),)
    return Race(
        (rival, mask, *own_full, window),
        rival=rival.name,
        own_full=OWN_FULL if own_full else rival.name,
        window=window.name,
        mask=mask.name,
        kernel=KERNELS_IN_WORDS[kernel],
        device=device,
    )
