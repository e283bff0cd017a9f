"""What does a far name cost through a window?  Computed once: `python -m` this module does it.

A model that has read code and prose reads programs which were written for this measurement.  A name
is far if it stood last at least `FAR` tokens before the query that predicts it.  Beside the far
names stand all other tokens of the same programs: what a window costs them is not about names.
"""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path

import torch

from swa_viz.experiments.code_names import Use, uses_of
from swa_viz.experiments.keeping import Measurements, kept, measure_missing
from swa_viz.experiments.perplexity import perplexity_against_window
from swa_viz.experiments.stored_limits import FULL, Case, rounded
from swa_viz.models import LanguageModel, load_model

FILE = Path(__file__).with_suffix(".json")
PROGRAMS = Path(__file__).with_name("own_texts") / "programs.txt"
BETWEEN = "====\n"
MODELS_READ = ("smollm2-135m",)
FAR = 32
WINDOWS = (4, 8, 16, 32, 64, 128, 256)
CASES: dict[str, Case] = {
    "window": Case("w"),
    "four sinks": Case("w", 4),
    "every sixth full, four sinks": Case("wwwwwf", 4),
}


def programs() -> list[str]:
    """The programs; nobody was trained on them."""
    return PROGRAMS.read_text(encoding="utf-8").split(BETWEEN)


def far_uses(model: LanguageModel, program: str) -> list[Use]:
    """The names of a program that stood last far before their query."""
    pieces = model.tokenizer.pieces(model.encode(program))
    return [use for use in uses_of(pieces) if use.age >= FAR]


def far_names(model: LanguageModel) -> list[dict]:
    """Which names are far in each program, and how long it is: {"n_tokens", "names", "ages"}."""
    found = []
    for program in programs():
        uses = far_uses(model, program)
        found.append(
            {
                "n_tokens": len(model.encode(program)),
                "names": [use.name for use in uses],
                "ages": [use.age for use in uses],
            }
        )
    return found


def case_costs(model: LanguageModel, case: Case, windows: tuple[int, ...]) -> list[dict]:
    """What each program costs at each window: {"far", "rest"}.

    `far` is the bits of every far name, all its tokens together; `rest` the mean of all other
    tokens.  Both are lists with an entry for each window.
    """
    costs = []
    for program in programs():
        token_ids, uses = model.encode(program), far_uses(model, program)
        schedules = [case.schedule(window, model.n_layers) for window in windows]
        readings = perplexity_against_window(model, token_ids, schedules)
        # Entry i is about token i + 1.
        is_far = torch.zeros(len(token_ids) - 1, dtype=torch.bool)
        for use in uses:
            is_far[use.query : use.stop - 1] = True
        costs.append(
            {
                "far": [
                    [rounded(each.bits[use.query : use.stop - 1].sum().item()) for use in uses]
                    for each in readings
                ],
                "rest": [rounded(each.bits[~is_far].mean().item()) for each in readings],
            }
        )
    return costs


def measurements(name: str) -> Measurements:
    """What is measured on one model, by the names under which it is stored."""
    model = load_model(name)
    return {
        "n_layers": lambda: model.n_layers,
        "trained_window": lambda: model.config.window_size,
        "programs": partial(far_names, model),
        "full": partial(case_costs, model, FULL, (1,)),
        **{part: partial(case_costs, model, case, WINDOWS) for part, case in CASES.items()},
    }


def how_computed() -> dict:
    """The facts of the measurement."""
    return {"programs": len(programs()), "far": FAR, "torch": torch.__version__}


def stored_code() -> dict:
    """What was computed: {"how", "windows", "models"}."""
    return kept(FILE)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    measure_missing(
        FILE,
        {"how": how_computed(), "windows": list(WINDOWS)},
        {name: partial(measurements, name) for name in MODELS_READ},
    )
