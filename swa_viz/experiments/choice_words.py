"""A recommendation in sentences, with its reason: the same as `choice_words.js`."""

import math
from collections.abc import Sequence

from swa_viz.experiments.choice import COSTS, NAMES, Choice, Number, Option, Way
from swa_viz.experiments.points import FULL, QUALITIES, Quality


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


def needs(option: Option, unit: str) -> str:
    """How much worse an option is than the reference, or better, and how sure that is.

    >>> needs(Option("windows", 8, 1.5, 0.5, 0.1, 0, 0, 0), "bits per byte")
    '0.500 ± 0.100 bits per byte more'
    >>> needs(Option("windows", 8, 1.5, -0.5, None, 0, 0, 0), "bits per answer")
    '0.500 bits per answer less'
    """
    spread = "" if option.margin is None else f" ± {option.margin:.3f}"
    return f"{abs(option.extra):.3f}{spread} {unit} {'less' if option.extra < 0 else 'more'}"


def capital(words: str) -> str:
    """A sentence's first letter is a capital."""
    return words[0].upper() + words[1:]


def sentences(
    choice: Choice,
    options: Sequence[Option],
    reference: Way,
    cost: str,
    tolerance: Number,
    quality: Quality = QUALITIES["text"],
) -> list[str]:
    """What to take and why, what is cheaper and worse, and what the stretches cannot decide."""
    unit = quality.unit
    taken, named = choice.taken, NAMES[reference[0]].format(window=reference[1])
    allowed = f"{tolerance:.3f} {unit}"
    does = share_of(taken, options, cost)
    if reference[0] != FULL:
        does = f"{does} of full attention"
    if taken.way == reference:
        share = "" if reference[0] == FULL else f" It {does}."
        said = [f"Take {named}: nothing cheaper is surely within {allowed} of it.{share}"]
    else:
        said = [f"{capital(taken.name)} {does} and needs {needs(taken, unit)} than {named}."]
    if choice.beyond:
        worse = choice.beyond
        much = needs(worse, unit)
        said.append(f"Of what is cheaper and not good enough, {worse.name} needs least: {much}.")
    if choice.open:
        unsure = choice.open
        who = quality.one if unsure.margin is None else quality.several
        said.append(
            f"{capital(unsure.name)} is cheaper and needs {needs(unsure, unit)}: {who} cannot "
            f"decide whether that is within {allowed}."
        )
    return said
