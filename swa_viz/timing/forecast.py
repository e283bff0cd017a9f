"""What a call will take, told before it is made, so that what would never end is not started.

The one idea: work is counted before it is timed.  The score pairs that a contender computes say how
long it will take, from a guess at first, and then from its own latest time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from swa_viz.cost import attention_flops
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Causal, Pattern
from swa_viz.timing.contender import Contender, Shape
from swa_viz.timing.memory import free_bytes
from swa_viz.timing.timing import Timing
from swa_viz.timing.turns import PAUSE_S, WAKE_BELOW_S, calls_at_once
from swa_viz.timing.yardstick import CPU

GUESSED_FLOPS = {"cpu": 100e9, "cuda": 10e12}
GUESSED_CALL_S = 0.3e-3
# The backward pass computes the scores again and has four more products of the same size as the
# forward pass's two (FlashAttention-2, arXiv 2307.08691), so a whole step costs 3.5 of them.
STEP_IN_FORWARDS = 3.5
CHECKS, WAKING, READING_S = 2, 2, 0.03  # calls before the rounds, calls to wake up, the yardstick
MEMORY_SHARE = 0.25  # of what is free


@dataclass(frozen=True)
class Effort:
    """How often everyone is timed, how much one call and one contender may take, and where.

    A contender that has taken `longest_total_s` sits out the rounds after the third.
    """

    rounds: int
    longest_call_s: float = 30.0
    longest_total_s: float = math.inf
    most_bytes: float = math.inf
    device: torch.device = CPU


class Entry(NamedTuple):
    """Who is asked for which pattern.  It computes `contender.pattern(asked)`."""

    contender: Contender
    asked: Pattern

    @property
    def pattern(self) -> Pattern:
        """What is computed."""
        return self.contender.pattern(self.asked)


def guessed_call_s(
    contender: Contender, pattern: Pattern, shape: Shape, device: torch.device = CPU
) -> float:
    """How long one call may take on a machine that nothing is known of."""
    effort = STEP_IN_FORWARDS if contender.trains else 1.0
    n_pairs = contender.work(pattern, shape) * effort
    flops = attention_flops(n_pairs, shape.n_heads, shape.head_dim)
    return GUESSED_CALL_S + flops / GUESSED_FLOPS.get(device.type, GUESSED_FLOPS["cpu"])


def expected_call_s(
    entry: Entry, shape: Shape, past: Sequence[Timing] = (), device: torch.device = CPU
) -> float:
    """How long one call should take: the guess, put right by the contender's latest times.

    Their fastest counts, for on a busy server the others say more of the server.
    """
    contender = entry.contender
    guess = guessed_call_s(contender, entry.pattern, shape, device)
    for known in reversed(past):
        if known.contender == contender.name and known.times_ms:
            before = guessed_call_s(contender, known.pattern, known.shape, device)
            return guess * min(known.times_ms) / 1000 / before
    return guess


def leave_out(entry: Entry, shape: Shape, effort: Effort, past: Sequence[Timing] = ()) -> str:
    """The reason why an entry is not even started; empty if it is.

    Full attention, asked for as such, is what all are measured against: it is never too long.
    """
    contender = entry.contender
    if reason := contender.absent():
        return f"absent: {reason}"
    request = Request(entry.pattern, torch.float32, effort.device.type, contender.trains)
    if reason := contender.refuse(request, shape):
        return f"cannot do it: {reason}"
    needed = contender.n_bytes(entry.pattern, shape)
    if needed > min(effort.most_bytes, MEMORY_SHARE * free_bytes(effort.device)):
        return f"left out: one call would need {needed / 2**30:.1f} GiB of memory"
    seconds = expected_call_s(entry, shape, past, effort.device)
    if seconds > effort.longest_call_s and not isinstance(entry.asked, Causal):
        return f"left out: a single call would take about {seconds:.0f} s"
    return ""


def expected_s(
    entries: Sequence[Entry], shape: Shape, effort: Effort, past: Sequence[Timing] = ()
) -> float:
    """How long a race should take: the checks, the rounds with their pauses, the yardstick."""
    seconds = (effort.rounds + 1) * (PAUSE_S + READING_S)
    for entry in entries:
        if leave_out(entry, shape, effort, past):
            continue
        call_s = expected_call_s(entry, shape, past, effort.device)
        n_calls = calls_at_once(call_s) + WAKING * (call_s < WAKE_BELOW_S)
        seconds += CHECKS * call_s + effort.rounds * (PAUSE_S + n_calls * call_s)
    return seconds
