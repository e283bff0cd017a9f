"""Windows for the prompt alone: what is read first is read through them, what follows reads all.

A model that answers a long prompt spends most of its work on the prompt.  So the windows can be
laid on the prompt only (arXiv 2512.10411).  The keys and values of the prompt stay what the windows
made of them, and the later tokens read all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from swa_viz.patterns import Causal, Pattern


@dataclass(frozen=True)
class PromptOnly(Pattern):
    """The first `prompt_len` queries read by one pattern, all later ones by another.

    >>> from swa_viz.patterns import SlidingWindow, build_mask
    >>> build_mask(PromptOnly(3, SlidingWindow(1), Causal()), 4, 4).int()
    tensor([[1, 0, 0, 0],
            [0, 1, 0, 0],
            [0, 0, 1, 0],
            [1, 1, 1, 1]], dtype=torch.int32)
    """

    prompt_len: int
    prompt: Pattern
    later: Pattern

    def visible(self, query_pos, key_pos):
        is_later = query_pos >= self.prompt_len
        late = is_later & self.later.visible(query_pos, key_pos)
        return late | ~is_later & self.prompt.visible(query_pos, key_pos)


def in_prompt_only(schedule: Sequence[Pattern], prompt_len: int) -> tuple[Pattern, ...]:
    """The schedule for the first `prompt_len` tokens, and full attention for those that follow.

    >>> in_prompt_only([Causal()], 8)
    (Causal(),)
    """
    full = Causal()
    return tuple(p if p == full else PromptOnly(prompt_len, p, full) for p in schedule)
