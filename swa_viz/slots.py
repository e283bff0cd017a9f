"""Where a rolling cache keeps a token, and which token has to make room for it.

A layer with a window of W never looks at a key of age W again, so W slots are enough for a text of
any length: position i lives in slot i mod W, and takes the place of position i - W.  With W = 3:

    position written    0      1      2      3      4
    slot                0      1      2      0      1
    evicted             -      -      -      0      1
    slots hold          0      0 1    0 1 2  3 1 2  3 4 2

Sinks are pinned: they have slots of their own before the ring.  Full attention never forgets.
"""

from swa_viz.patterns import Kept


def slot_of(kept: Kept, position: int) -> int:
    """The slot in which a layer keeps a position.

    >>> [slot_of(Kept(pinned=1, latest=3), position) for position in range(8)]
    [0, 1, 2, 3, 1, 2, 3, 1]
    """
    if kept.latest is None or position < kept.pinned:
        return position
    return kept.pinned + (position - kept.pinned) % kept.latest


def evicted_by(kept: Kept, position: int) -> int | None:
    """The position whose slot this one takes, or None while there is room.

    >>> [evicted_by(Kept(pinned=1, latest=3), position) for position in range(6)]
    [None, None, None, None, 1, 2]
    >>> evicted_by(Kept(pinned=0, latest=None), 6)
    """
    if kept.latest is None or position - kept.latest < kept.pinned:
        return None
    return position - kept.latest


def held_after(kept: Kept, seq_len: int) -> list[int]:
    """The positions in the slots, slot by slot, when so many tokens are written.

    >>> held_after(Kept(pinned=1, latest=3), 6)
    [0, 4, 5, 3]
    """
    if kept.latest is None:
        return list(range(seq_len))
    last = seq_len - 1
    return [
        slot if slot < kept.pinned else slot + (last - slot) // kept.latest * kept.latest
        for slot in range(kept.count(seq_len))
    ]
