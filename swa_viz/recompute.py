"""What must be computed again when the text in a cache is changed.

A cache lets a model go on where the text ends.  To go on earlier, at position r, a layer needs the
keys that queries from r on read before r.  Full attention still holds them all.  A ring holds the
last W tokens only, and with every further token the ring at r is gone.  With W = 4:

    tokens written      5              6              7
    the ring holds      1 2 3 4        2 3 4 5        3 4 5 6
    going on at 4       reads 1 2 3    1 is gone      1 2 are gone

So a ring that has wrapped takes back one token, and no more: further back, all is computed again.
Engines keep more so that they can: some more slots, or a copy of the ring every so many tokens.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from swa_viz.patterns import Kept


@dataclass(frozen=True)
class Keeping:
    """What an engine keeps beside the rings, so that it can go back.

    `spare` more slots in every ring, and a copy of every ring each `checkpoint_every` tokens; 0
    means none.
    """

    spare: int = 0
    checkpoint_every: int = 0


RINGS_ALONE = Keeping()


def can_go_on(kept: Kept, seq_len: int, position: int, spare: int = 0) -> bool:
    """Can a layer that holds `seq_len` tokens go on at `position`, as if the later ones never were?

    >>> [can_go_on(Kept(0, 4), 6, position) for position in range(7)]
    [True, False, False, False, False, True, True]
    """
    if kept.latest is None:
        return True
    oldest_read = max(kept.pinned, position - kept.latest + 1)
    oldest_held = max(kept.pinned, seq_len - kept.latest - spare)
    return oldest_read >= min(position, oldest_held)


def resume_at(
    layers: Sequence[Kept], seq_len: int, position: int, keeping: Keeping = RINGS_ALONE
) -> int:
    """The last position, `position` at most, at which all layers together can go on.

    >>> [resume_at([Kept(0, 4), Kept(0, None)], 6, position) for position in (6, 5, 4)]
    [6, 5, 0]
    >>> resume_at([Kept(0, 4)], 6, 4, Keeping(spare=1))
    4
    >>> resume_at([Kept(0, 4)], 60, 34, Keeping(checkpoint_every=10))
    30
    """
    every = keeping.checkpoint_every
    copied = position // every * every if every else 0
    # Where only pinned tokens were read, everything is there.
    starts = [position, *(min(kept.pinned, position) for kept in layers)]
    held = [
        start
        for start in starts
        if all(can_go_on(kept, seq_len, start, keeping.spare) for kept in layers)
    ]
    return max(copied, *held, 0)


def after_edit(
    layers: Sequence[Kept], seq_len: int, position: int, keeping: Keeping = RINGS_ALONE
) -> int:
    """How many of `seq_len` tokens are computed again when the one at `position` is another.

    >>> after_edit([Kept(0, None)], 100, 90), after_edit([Kept(0, 4)], 100, 90)
    (10, 100)
    """
    return seq_len - resume_at(layers, seq_len, position, keeping)


def after_going_back(
    layers: Sequence[Kept], seq_len: int, n_tokens: int, keeping: Keeping = RINGS_ALONE
) -> int:
    """How many tokens are computed again before a model goes on, when the last ones are taken back.

    A model that rejects `n_tokens` drafted tokens does the same.

    >>> [after_going_back([Kept(0, 4)], 100, n) for n in (0, 1, 2)]
    [0, 0, 98]
    >>> after_going_back([Kept(0, 4)], 100, 6, Keeping(spare=5))
    0
    """
    position = seq_len - n_tokens
    return position - resume_at(layers, seq_len, position, keeping)


@dataclass(frozen=True)
class Talk:
    """Conversations that take turns.

    Each turn adds `tokens` to its conversation.  The last `taken_back` tokens of a turn do not
    return in the next one: an answer is asked for again, or what a model thought is left out.
    """

    conversations: int
    turns: int
    tokens: int
    taken_back: int


def held_tokens(layers: Sequence[Kept], seq_len: int, keeping: Keeping = RINGS_ALONE) -> int:
    """The keys that all layers together keep of a conversation, those of its copies too.

    >>> held_tokens([Kept(0, 4), Kept(0, None)], 10), held_tokens([Kept(0, 4)], 10, Keeping(0, 5))
    (14, 12)
    """
    held = 0
    for kept in layers:
        if kept.latest is None:
            held += seq_len
            continue
        held += min(seq_len, kept.pinned + kept.latest + keeping.spare)
        every = keeping.checkpoint_every
        places = range(every, seq_len + 1, every) if every else ()
        held += sum(min(place, kept.latest) for place in places)
    return held


def reuse(
    layers: Sequence[Kept], talk: Talk, pool: int, keeping: Keeping = RINGS_ALONE
) -> list[int]:
    """For each turn of all conversations: how many known tokens are computed again.

    The engine keeps what it held after a turn, as long as all of it fits into a pool of `pool`
    tokens per layer; the conversation that waits longest goes first.

    >>> two = Talk(conversations=2, turns=3, tokens=10, taken_back=0)
    >>> reuse([Kept(0, None)], two, pool=60), reuse([Kept(0, None)], two, pool=30)
    ([0, 0, 0], [0, 0, 40])
    >>> reuse([Kept(0, 4)], two, pool=30)
    [0, 0, 0]
    """
    kept_of: OrderedDict[int, int] = OrderedDict()  # how long each conversation was, oldest first
    again, room = [0] * talk.turns, pool * len(layers)
    for turn in range(talk.turns):
        for conversation in range(talk.conversations):
            known = max(turn * talk.tokens - talk.taken_back, 0)
            before = kept_of.pop(conversation, 0)
            again[turn] += known - (resume_at(layers, before, known, keeping) if before else 0)
            kept_of[conversation] = (turn + 1) * talk.tokens
            while sum(held_tokens(layers, n, keeping) for n in kept_of.values()) > room:
                kept_of.popitem(last=False)
    return again
