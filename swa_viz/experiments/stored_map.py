"""Which layer and which head needs the past, computed once and kept: `python -m` this does it.

Each model reads the same held-out passages.  A window is laid on one layer, or on one query head,
of the schedule that the model was trained with.  Then windows are laid on all layers, and some get
back what they had, one after the other.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import torch

from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.perplexity import stretches
from swa_viz.experiments.sensitivity import Rereading, each_layer_bits, greedy_way, head_bits
from swa_viz.models import LanguageModel, load_model
from swa_viz.patterns import Pattern
from swa_viz.patterns.schedule import window_with_sinks
from swa_viz.shapes import Int, Tensor

FILE = Path(__file__).with_suffix(".json")
# The layers are chosen by one passage of each text; the next passage of each is to judge them by.
PREDICTED, CHOOSING, JUDGING = 128, 0, 1
N_STEPS = 3
DIGITS = 6


Keep = Callable[[], None]


@dataclass(frozen=True)
class Setting:
    """The window that is laid on a model.

    In SmolLM2 the first token stays visible beside it: without that token the model collapses, and
    the map would show who leans on it and nothing else.
    """

    window: int
    sinks: int

    @property
    def pattern(self) -> Pattern:
        """The window as a pattern."""
        return window_with_sinks(self.window, self.sinks)


SETTINGS = {"tiny-swa": Setting(8, 0), "smollm2-135m": Setting(16, 1)}


def passages_of(model: LanguageModel, number: int) -> Int[Tensor, "n length"]:
    """One passage of each held-out text: the first ones have the number 0."""
    texts = [stretches(model, [held_out_text(name)], PREDICTED) for name in HELD_OUT]
    return torch.cat([rows[[number]] for rows in texts])


def listed(bits: Tensor) -> list[float] | list[list[float]]:
    """The numbers of a tensor; of a small difference of two of them a page shows two digits."""
    if bits.ndim > 1:
        return [listed(row) for row in bits]
    return [round(number, DIGITS) for number in bits.tolist()]


def kept_in(model: LanguageModel, pattern: Pattern, kept: Sequence[int]) -> tuple[Pattern, ...]:
    """The pattern in every layer but those that are kept as in training."""
    native = model.native_schedule
    return tuple(native[i] if i in kept else pattern for i in range(model.n_layers))


class Choosing:
    """What a passage costs if a further layer is kept, by the layers that are kept already.

    `known["3,5"]["0"]` is about passage 0 while the layers 3 and 5 are kept: one number per layer.
    """

    def __init__(self, model: LanguageModel, pattern: Pattern, known: dict, keep: Keep):
        self.model, self.pattern, self.known, self.keep = model, pattern, known, keep
        self.rows = passages_of(model, CHOOSING)

    def measure(self, kept: tuple[int, ...], passages: Sequence[int]) -> None:
        """Measure what is not known yet."""
        found = self.known.setdefault(",".join(map(str, kept)), {})
        missing = [passage for passage in passages if str(passage) not in found]
        if missing:
            reading = Rereading(
                self.model, self.rows[missing], kept_in(self.model, self.pattern, kept)
            )
            native = self.model.native_schedule[0]  # all layers of these models were trained alike
            costs = each_layer_bits(reading, native, range(len(missing)))
            found |= {str(p): listed(costs[:, i]) for i, p in enumerate(missing)}
            self.keep()

    def costs(self, kept: tuple[int, ...], passages: Sequence[int]) -> list[float]:
        """The mean over some passages, for every further layer."""
        self.measure(kept, passages)
        return mean_costs(self.known, kept, passages)


def mean_costs(known: dict, kept: tuple[int, ...], passages: Sequence[int]) -> list[float]:
    """The mean over some passages of what is known, for every further layer."""
    found = known[",".join(map(str, kept))]
    columns = zip(*(found[str(passage)] for passage in passages), strict=True)
    return [sum(column) / len(column) for column in columns]


def stored() -> dict:
    """What was computed, by the names of the models."""
    return json.loads(FILE.read_text("utf-8"))


def map_payload() -> dict:
    """What a page shows of it, by the names of the models.  Layers count from 0.

    "layers" has for each layer what a window in it costs more, passage by passage, and "heads" the
    same for each of its heads.  "chosen" has two orders of layers, and for each what is needed if
    none of them is kept as trained, the first one, the first two and so on: in the passages of the
    choice, and in others.
    """
    return {
        name: {
            "how": known["how"],
            "layers": [more_than(known["native"], layer) for layer in known["layers"]],
            "heads": [
                [more_than(known["native"], head) for head in layer] for layer in known["heads"]
            ],
            "native": [fmean(known["native"]), fmean(known["native_elsewhere"])],
            "chosen": {
                "greedy": kept_costs(known, greedy_order(known)),
                "ranking": kept_costs(known, ranking(known)[:N_STEPS]),
            },
        }
        for name, known in stored().items()
    }


def more_than(native: Sequence[float], bits: Sequence[float]) -> list[float]:
    """How much more each passage costs than as trained.

    >>> more_than([1.0, 2.0], [1.5, 1.75])
    [0.5, -0.25]
    """
    return [round(some - none, DIGITS) for some, none in zip(bits, native, strict=True)]


def greedy_order(known: dict) -> list[int]:
    """The layers that were chosen one after the other, by all passages together."""
    return known["ways"][",".join(map(str, range(len(HELD_OUT))))]


def kept_costs(known: dict, order: Sequence[int]) -> dict:
    """An order of layers, and the means of what is needed while more and more of them are kept."""
    sets = [",".join(map(str, sorted(order[:n]))) for n in range(len(order) + 1)]
    return {"layers": list(order), "bits": [[*map(fmean, known["worth"][kept])] for kept in sets]}


def say(words: str) -> None:
    """Tell whoever waits how far it has come."""
    sys.stderr.write(f"{words}\n")


def measure_layers(model: LanguageModel, setting: Setting, known: dict, keep: Keep) -> None:
    """What a token costs as trained, and with the window in one layer, for every layer."""
    if "layers" not in known:
        reading = Rereading(model, passages_of(model, CHOOSING), model.native_schedule)
        known["native"] = listed(reading.bits(reading.schedule))
        known["layers"] = listed(each_layer_bits(reading, setting.pattern, range(len(HELD_OUT))))
        keep()


def measure_heads(model: LanguageModel, setting: Setting, known: dict, keep: Keep) -> None:
    """The same with the window in one head, for every head of every layer."""
    reading = Rereading(model, passages_of(model, CHOOSING), model.native_schedule)
    heads = known.setdefault("heads", [])
    for layer in range(len(heads), model.n_layers):
        heads.append(listed(head_bits(reading, layer, setting.pattern)))
        say(f"{model.name}: the heads of layer {layer + 1}")
        keep()


def ranking(known: dict) -> list[int]:
    """The layers in the order of what a window in each of them alone costs, the dearest first."""
    costs = [sum(passages) for passages in known["layers"]]
    return sorted(range(len(costs)), key=lambda layer: -costs[layer])


def measure_choice(model: LanguageModel, setting: Setting, known: dict, keep: Keep) -> None:
    """The greedy way by all passages and by each alone, and what the chosen layers are worth."""
    choosing = Choosing(model, setting.pattern, known.setdefault("further", {}), keep)
    all_passages = range(len(HELD_OUT))
    ways = known.setdefault("ways", {})
    for passages in (all_passages, *([passage] for passage in all_passages)):
        name = ",".join(map(str, passages))
        ways[name] = greedy_way(lambda kept, own=passages: choosing.costs(kept, own), N_STEPS)
        say(f"{model.name}: the greedy way by the passages {name} is {ways[name]}")
        keep()
    first = greedy_way(lambda kept: choosing.costs((), all_passages), N_STEPS)
    orders = [ways[",".join(map(str, all_passages))], ranking(known), first]
    judge(model, setting, [order[:n] for order in orders for n in range(N_STEPS + 1)], known, keep)


def judge(
    model: LanguageModel,
    setting: Setting,
    choices: Sequence[Sequence[int]],
    known: dict,
    keep: Keep,
) -> None:
    """What each set of kept layers costs, in the passages of the choice and in others."""
    worth = known.setdefault("worth", {})
    readings = [
        Rereading(model, passages_of(model, number), model.native_schedule)
        for number in (CHOOSING, JUDGING)
    ]
    known["native_elsewhere"] = listed(readings[1].bits(readings[1].schedule))
    for kept in choices:
        name = ",".join(map(str, sorted(kept)))
        if name not in worth:
            schedule = kept_in(model, setting.pattern, kept)
            worth[name] = [listed(reading.bits(schedule)) for reading in readings]
            keep()


def main() -> None:
    """Compute what is not stored yet; each number is kept as soon as it is there."""
    models = stored() if FILE.exists() else {}

    def keep() -> None:
        FILE.write_text(json.dumps(models) + "\n", "utf-8")

    for name, setting in SETTINGS.items():
        how = asdict(setting) | {"predicted": PREDICTED, "texts": list(HELD_OUT.values())}
        known = models.get(name)
        if known is None or known["how"] != how:
            known = models[name] = {"how": how}
        model = load_model(name)
        for measure in (measure_layers, measure_choice, measure_heads):
            measure(model, setting, known, keep)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    main()
