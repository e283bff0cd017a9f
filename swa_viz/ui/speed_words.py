"""What a timing found, in plain sentences, and what stands against it.

The one idea: a sentence names its numbers, and says nothing where there are none.
"""

import math
import statistics

from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing.findings import (
    MOST_SCATTER,
    Crossover,
    counted_limit,
    crossover,
    disturbed,
    efficiency,
    most_telling,
    projected_s,
    scatter,
    speed_ups,
    timed,
)
from swa_viz.timing.race import WRONG
from swa_viz.timing.rivals import Race
from swa_viz.timing.sweep import Progress, SweepPlan
from swa_viz.timing.timing import Points, Size
from swa_viz.timing.yardstick import LEAST_SHARE, share

FAR = 100_000  # tokens: a long book, and more than anyone waits for here


def doing(progress: Progress, plan: SweepPlan) -> str:
    """What a sweep is about to do."""
    step = progress.step
    if step.doing == "finished":
        return step.doing
    who = plan.race.label(step.contender)
    if step.doing == "waking":
        return f"waking {who}, which may compile for some seconds the first time"
    if step.doing == "checking":
        return f"checking {who}"
    if step.round > plan.repeats:
        return f"round {step.round}, since the server was busy during another, {who}"
    return f"round {step.round} of {plan.repeats}, {who}"


def times_faster(speed_up: float) -> str:
    """A ratio of times in words.

    >>> times_faster(6.34), times_faster(0.5), times_faster(1.02)
    ('6.3 times faster than', '2.0 times slower than', 'about as fast as')
    """
    if math.isclose(speed_up, 1, abs_tol=0.05):
        return "about as fast as"
    if speed_up < 1:
        return f"{1 / speed_up:.1f} times slower than"
    return f"{speed_up:.1f} times faster than"


def milliseconds(ms: float) -> str:
    """A time with three digits at most that matter.

    >>> milliseconds(0.1234), milliseconds(7.26), milliseconds(1234.5)
    ('0.12 ms', '7.3 ms', '1,234 ms')
    """
    return f"{ms:,.{max(0, 2 - len(str(int(ms))) + (ms < 1))}f} ms"


def tokens(place: Crossover) -> str:
    """A text length: as measured, or, if it was read off a line, with two digits that are honest.

    >>> tokens(Crossover(1234.5, always=False)), tokens(Crossover(1024, always=True))
    ('1,200 tokens', '1,024 tokens')
    """
    n = place.seq_len if place.always else round(place.seq_len, 1 - int(math.log10(place.seq_len)))
    return f"{n:,.0f} tokens"


def headline(plan: SweepPlan, points: Points, size: Size) -> str:
    """The window against what one would use without it."""
    window, full = (
        timed(points, name)[size].median_ms for name in (plan.race.window, plan.race.rival)
    )
    step = " in a training step" if plan.race.trains else ""
    return (
        f"At {size.seq_len:,} tokens a window of {size.window_size:,} is "
        f"**{times_faster(full / window)} the best full attention that torch has**"
        f"{step}: {milliseconds(window)} instead of {milliseconds(full)}."
    )


def like_for_like(race: Race, points: Points, size: Size) -> list[str]:
    """The window against its own kernel, and why the headline's number may be above counting's."""
    ups = speed_ups(points, race.window, race.own_full)
    if size not in ups:
        return []
    limit, part = counted_limit(size), efficiency(points, race.window, race.own_full)[size]
    said = (
        f"**Like for like**, the same kernel with and without the window, it is "
        f"{times_faster(ups[size])} without. Counting pairs allows {limit:.1f}: E = {part:.2f}."
    )
    if part > 1.03:
        said += " (Above 1: what a window needs stays in the processor's cache.)"
    total = speed_ups(points, race.window, race.rival)[size]
    head_start = total / ups[size]
    if not math.isclose(head_start, 1, abs_tol=0.05):
        above = "That the headline's number is larger breaks no limit: e" if total > limit else "E"
        said += (
            f" {above}ven without a window our kernel is {times_faster(head_start)} torch's, and "
            f"{ups[size]:.1f} × {head_start:.1f} = {total:.1f}."
        )
    return [said]


def from_where(place: Crossover | None) -> str:
    """A crossover in words, to follow "is faster than X"."""
    if place is None:
        return "at no length measured"
    if place.always:
        return f"at every length measured beyond the window, from {tokens(place)} on"
    return f"from about {tokens(place)} on"


def crossing(plan: SweepPlan, points: Points) -> list[str]:
    """Where on this machine the window begins to pay; nothing to say if only the window changed."""
    race = plan.race
    if plan.over_windows or not speed_ups(points, race.window, race.rival):
        return []
    place = crossover(points, race.window, race.rival)
    said = f"Here the window is faster than torch's full attention {from_where(place)}"
    if race.own_full != race.rival and speed_ups(points, race.window, race.own_full):
        alike = crossover(points, race.window, race.own_full)
        said += ", also like for like" if alike == place else f"; like for like {from_where(alike)}"
    return [f"{said}."]


def mask_alone(race: Race, points: Points) -> list[str]:
    """A mask without a kernel that skips."""
    size = most_telling(points, race.mask, race.rival)
    if size is None:
        return []
    speed_up = speed_ups(points, race.mask, race.rival)[size]
    moral = "A mask alone saves nothing" if speed_up < 1.05 else "A mask alone"
    return [
        f"{moral}: at {size.seq_len:,} tokens torch's full attention with a band mask is "
        f"{times_faster(speed_up)} the same without."
    ]


def far_away(race: Race, points: Points, size: Size) -> str:
    """What the times at `size` mean for a very long text."""
    window = projected_s(timed(points, race.window)[size], SlidingWindow(size.window_size), FAR)
    full = projected_s(timed(points, race.rival)[size], Causal(), FAR)
    return (
        f"If time goes on growing like the pairs, {FAR:,} tokens take {full:,.1f} seconds in every "
        f"layer with full attention and {window:,.1f} with this window."
    )


def found(plan: SweepPlan, points: Points) -> list[str]:
    """What was found, the headline first.  Give it the trusted points only."""
    size = most_telling(points, plan.race.window, plan.race.rival)
    if size is None:
        return []
    if counted_limit(size) == 1:
        return ["So far the window covers the whole text, so there is nothing to save yet."]
    return [
        headline(plan, points, size),
        *like_for_like(plan.race, points, size),
        *crossing(plan, points),
        *mask_alone(plan.race, points),
        far_away(plan.race, points, size),
    ]


def busy(points: Points) -> str:
    """Whether other work got in the way, and how much; empty if not."""
    odd = disturbed(points)
    if not odd:
        return ""
    n_timed = sum(bool(point.times_ms) for point in points)
    ours = statistics.median(share(point.readings) for point in odd)
    why = f"; other work used about {1 - ours:.0%} of the processor" if ours < LEAST_SHARE else ""
    if 2 * len(odd) > n_timed or any(scatter(point.times_ms) <= MOST_SCATTER for point in odd):
        verdict = "The server is busy with other work."
    else:
        verdict = "Some times scatter too much."
    return (
        f"**{verdict}** {len(odd)} of {n_timed} points were disturbed{why}. They are drawn hollow, "
        "and nothing is concluded from them. Time it again when it is quieter."
    )


def doubts(race: Race, points: Points) -> list[str]:
    """What else stands against the findings: wrong results, points left out."""
    wrong = sorted({race.label(point.contender) for point in points if point.note == WRONG})
    n_left_out = sum(bool(point.note) and point.note != WRONG for point in points)
    sentences = []
    if wrong:
        sentences.append(f"Wrong result, so no time is shown: {', '.join(wrong)}.")
    if n_left_out:
        sentences.append(f"Left out: {n_left_out} of {len(points)} points; the table says why.")
    return sentences
