"""Who still knows what was said early?  Computed once: `python -m` this module does it.

Three kinds of text: who said a sentence in a conversation, a fact at the beginning of a document,
and what a meeting was about.  Each answer is right in turn while everything after the beginning
stays the same.  So a model that knows nothing of the beginning finds the right answer exactly as
often as chance, whatever it likes best.
"""

from argparse import ArgumentParser
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import fmean

import torch

from swa_viz.experiments.keeping import Measurements, kept, measure_missing
from swa_viz.experiments.needle import answer_probabilities
from swa_viz.experiments.stored_limits import FULL, Case, rounded
from swa_viz.experiments.talks import CONVERSATIONS, DOCUMENTS, MEETING, Talk
from swa_viz.models import LanguageModel, load_model

FILE = Path(__file__).with_suffix(".json")
MODELS_READ = ("smollm2-135m",)
GROUPS: Mapping[str, Mapping[str, Talk]] = {
    "who": CONVERSATIONS,
    "document": DOCUMENTS,
    "about": {"meeting": MEETING},
}
# The smallest window is so small that no layer on top of another reaches the beginning.
WINDOWS = (4, 16, 64, 128)
CASES: dict[str, Case] = {
    "window": Case("w"),
    "four sinks": Case("w", 4),
    "every sixth full, four sinks": Case("wwwwwf", 4),
}


def right_shares(model: LanguageModel, talk: Talk, case: Case, window: int) -> list[float]:
    """How much of the probability of all answers the right one has, each being right in turn."""
    schedule = case.schedule(window, model.n_layers)
    shares = []
    for right in talk.answers:
        prompt = model.encode(talk.prompt(right))
        found = answer_probabilities(model, prompt, talk.answers, schedule)
        shares.append(rounded(found[right] / sum(found.values())))
    return shares


def group_shares(
    model: LanguageModel, talks: Mapping[str, Talk], case: Case, windows: tuple[int, ...]
) -> dict[str, list[list[float]]]:
    """The shares of each text, for each window and then for each right answer."""
    return {
        name: [right_shares(model, talk, case, window) for window in windows]
        for name, talk in talks.items()
    }


def lengths(model: LanguageModel) -> dict[str, dict[str, list[int]]]:
    """Of each text: how many tokens it has, and how many stand after its beginning, on average."""

    def after(talk: Talk, right: str) -> int:
        opening = talk.openings[right]
        return len(model.encode(talk.prompt(right).removeprefix(opening)))

    def of(talk: Talk) -> list[int]:
        whole = fmean(len(model.encode(talk.prompt(right))) for right in talk.answers)
        return [round(whole), round(fmean(after(talk, right) for right in talk.answers))]

    return {
        group: {name: of(talk) for name, talk in talks.items()} for group, talks in GROUPS.items()
    }


def measurements(name: str) -> Measurements:
    """What is measured on one model, by the names under which it is stored."""
    model = load_model(name)
    measured = {"full": (FULL, (1,))} | {part: (case, WINDOWS) for part, case in CASES.items()}
    return {
        "n_layers": lambda: model.n_layers,
        "lengths": partial(lengths, model),
        **{
            f"{group}: {part}": partial(group_shares, model, talks, *how)
            for group, talks in GROUPS.items()
            for part, how in measured.items()
        },
    }


def how_computed() -> dict:
    """The facts of the measurement."""
    answers = {group: len(next(iter(talks.values())).answers) for group, talks in GROUPS.items()}
    return {"answers": answers, "torch": torch.__version__}


def stored_talk() -> dict:
    """What was computed: {"how", "windows", "models"}."""
    return kept(FILE)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    measure_missing(
        FILE,
        {"how": how_computed(), "windows": list(WINDOWS)},
        {name: partial(measurements, name) for name in MODELS_READ},
    )
