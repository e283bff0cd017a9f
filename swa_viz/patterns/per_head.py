"""A layer whose query heads do not all read alike: one pattern for each of them.

It stands in a schedule where a pattern stands, and everything that computes attention takes it.  It
is no pattern itself: a pattern is one mask, and this is one mask for each head.
"""

from dataclasses import dataclass

import torch

from swa_viz.patterns.pattern import Kept, Pattern
from swa_viz.shapes import Bool, Tensor


@dataclass(frozen=True)
class PerHead:
    """The pattern of each query head, first head first.

    Raises ValueError if these are not patterns, or none.
    """

    patterns: tuple[Pattern, ...]

    def __post_init__(self):
        patterns = tuple(self.patterns)
        if not patterns or not all(isinstance(pattern, Pattern) for pattern in patterns):
            raise ValueError(f"PerHead needs one pattern for each head, but it is {patterns!r}")
        object.__setattr__(self, "patterns", patterns)

    def heads(self) -> dict[Pattern, list[int]]:
        """The heads of each distinct pattern.

        >>> from swa_viz.patterns import Causal, SlidingWindow
        >>> PerHead((Causal(), SlidingWindow(2), Causal())).heads()
        {Causal(): [0, 2], SlidingWindow(window_size=2): [1]}
        """
        found: dict[Pattern, list[int]] = {}
        for head, pattern in enumerate(self.patterns):
            found.setdefault(pattern, []).append(head)
        return found

    def visible(self, query_pos: Tensor, key_pos: Tensor) -> Bool[Tensor, "n_heads *shape"]:
        """True where a head's query may read a key; the heads are the first axis."""
        shape = torch.broadcast_shapes(query_pos.shape, key_pos.shape)
        seen = [pattern.visible(query_pos, key_pos).expand(shape) for pattern in self.patterns]
        return torch.stack(seen)

    @property
    def causal(self) -> bool:
        """Does no head read what comes after its query?"""
        return all(pattern.causal for pattern in self.patterns)

    @property
    def kept(self) -> Kept:
        """What the layer must keep, so that no head misses a key."""
        all_kept = [pattern.kept for pattern in self.patterns]
        latest = [kept.latest for kept in all_kept if kept.latest is not None]
        forgets = len(latest) == len(all_kept)
        return Kept(max(kept.pinned for kept in all_kept), max(latest) if forgets else None)
