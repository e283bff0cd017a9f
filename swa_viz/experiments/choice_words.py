"""A recommendation in sentences, with its reason: the same as `choice_words.js`."""

import math
from collections.abc import Sequence

from swa_viz.experiments.choice import COSTS, NAMES, Choice, Number, Option, Way
from swa_viz.experiments.points import FULL


def share_of(option: Option, options: Sequence[Option], cost: str) -> str:
    """What an option does, as a share of what full attention does.

    A half is rounded up, as JavaScript does.

    >>> half, full = (Option(way, None, 0, 0, 0, pairs, 0, 0) for way, pairs in
    ...               (("windows", 1), (FULL, 8)))
    >>> share_of(half, [half, full], "pairs")
    'reads 13 % of the score pairs'
    """
    full = next(each for each in options if each.schedule == FULL)
    share = getattr(option, cost) / getattr(full, cost)
    return COSTS[cost].format(share=f"{math.floor(100 * share + 0.5)} %")


def needs(option: Option) -> str:
    """How much worse an option is than the reference, or better, and how sure that is.

    >>> needs(Option("windows", 8, 1.5, 0.5, 0.1, 0, 0, 0))
    '0.500 ± 0.100 bits per byte more'
    >>> needs(Option("windows", 8, 1.5, -0.5, None, 0, 0, 0))
    '0.500 bits per byte less'
    """
    spread = "" if option.margin is None else f" ± {option.margin:.3f}"
    return f"{abs(option.extra):.3f}{spread} bits per byte {'less' if option.extra < 0 else 'more'}"


def capital(words: str) -> str:
    """A sentence's first letter is a capital."""
    return words[0].upper() + words[1:]


def sentences(
    choice: Choice, options: Sequence[Option], reference: Way, cost: str, tolerance: Number
) -> list[str]:
    """What to take and why, what is cheaper and worse, and what the stretches cannot decide."""
    taken, named = choice.taken, NAMES[reference[0]].format(window=reference[1])
    allowed = f"{tolerance:.3f} bits per byte"
    does = share_of(taken, options, cost)
    if reference[0] != FULL:
        does = f"{does} of full attention"
    if taken.way == reference:
        share = "" if reference[0] == FULL else f" It {does}."
        said = [f"Take {named}: nothing cheaper is surely within {allowed} of it.{share}"]
    else:
        said = [f"{capital(taken.name)} {does} and needs {needs(taken)} than {named}."]
    if choice.beyond:
        worse = choice.beyond
        said.append(
            f"Of what is cheaper and not good enough, {worse.name} needs least: {needs(worse)}."
        )
    if choice.open:
        unsure = choice.open
        who = "one stretch" if unsure.margin is None else "these stretches"
        said.append(
            f"{capital(unsure.name)} is cheaper and needs {needs(unsure)}: {who} of text cannot "
            f"decide whether that is within {allowed}."
        )
    return said
