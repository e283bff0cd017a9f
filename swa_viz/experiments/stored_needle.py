"""Who still knows an early sentence at the end?  Computed once: `python -m` this module does it.

Needles are hidden at several distances before a question.  Each has answers that are equally
possible, and each of them is the right one in turn.  So a model that knows nothing of the needle
gives the right answer exactly one third on average, whatever it likes best.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import fmean

import torch

from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.keeping import Measurements, kept, measure_missing
from swa_viz.experiments.needle import Hidden, Needle, answer_probabilities, hide
from swa_viz.experiments.prefill import in_prompt_only
from swa_viz.experiments.stored_limits import Case, rounded
from swa_viz.models import LanguageModel, load_model
from swa_viz.patterns import Pattern

FILE = Path(__file__).with_suffix(".json")
# So many characters of a filler are more tokens than any prompt has.
FILLER_LETTERS = 8_000


@dataclass(frozen=True)
class Question:
    """A sentence with a gap for the answer, the question, and the text in which it is hidden."""

    sentence: str
    question: str
    answers: tuple[str, ...]
    filler: str

    def needle(self, right: str) -> Needle:
        """The needle with one of the answers in it."""
        others = (answer for answer in self.answers if answer != right)
        return Needle(self.sentence.format(right), self.question, (right, *others))


QUESTIONS: dict[str, Question] = {
    "instruction": Question(
        "When you are asked for the secret word, answer with the word{}.\n\n",
        "\n\nThe secret word is the word",
        (" red", " blue", " black"),
        "bible",
    ),
    "place": Question(
        "My best friend lives in{}.\n\n",
        "\n\nMy best friend lives in",
        (" London", " Paris", " Rome"),
        "moby_dick",
    ),
    "name": Question(
        "My name is{}.\n\n", "\n\nMy name is", (" Anna", " David", " Peter"), "speeches"
    ),
}


@dataclass(frozen=True)
class Plan:
    """The prompt of one model: its length, the windows that read it, and the needle's distances."""

    n_tokens: int
    window: int
    small_window: int
    distances: tuple[int, ...]


# A quarter of the prompt, as a window of 4,096 in a prompt of 16,384, and one with a short reach.
PLANS: dict[str, Plan] = {
    "tiny-swa": Plan(256, 32, 8, (12, 24, 64, 150, 220)),
    "smollm2-135m": Plan(1024, 256, 16, (12, 200, 300, 960)),
}


@dataclass(frozen=True)
class NeedleCase:
    """Windows as in `Case`, of either size; perhaps for the prompt before the question only."""

    case: Case
    is_small: bool = False
    prompt_only: bool = False

    def schedule(self, plan: Plan, n_layers: int, prompt_len: int) -> Sequence[Pattern]:
        """The pattern of each layer, for a prompt of so many tokens before the question."""
        window = plan.small_window if self.is_small else plan.window
        schedule = self.case.schedule(window, n_layers)
        return in_prompt_only(schedule, prompt_len) if self.prompt_only else schedule


CASES: dict[str, NeedleCase] = {
    "full": NeedleCase(Case("f")),
    "window": NeedleCase(Case("w")),
    "four sinks": NeedleCase(Case("w", 4)),
    "every sixth full, four sinks": NeedleCase(Case("wwwwwf", 4)),
    "prompt only": NeedleCase(Case("w"), prompt_only=True),
    "prompt only, four sinks": NeedleCase(Case("w", 4), prompt_only=True),
    "small window": NeedleCase(Case("w"), is_small=True),
}


def hidden_at(model: LanguageModel, question: Question, right: str, n: int, far: int) -> Hidden:
    """A prompt of n tokens that ends `far` tokens after the sentence with the right answer.

    All answers get the same filler, so a prompt with a shorter answer has less than n tokens.

    Raises ValueError for a prompt that has no room for that.
    """
    sentences = (question.needle(answer).sentence for answer in question.answers)
    n_sentence = max(len(model.encode(sentence)) for sentence in sentences)
    n_question = len(model.encode(question.question))
    if not n_question <= far <= n - n_sentence:
        raise ValueError(
            f"a prompt of {n} tokens has no room for this sentence {far} tokens before its end"
        )
    filler = held_out_text(question.filler)[:FILLER_LETTERS]
    needle = question.needle(right)
    return hide(model, needle, filler, n - n_sentence - far, far - n_question)


def right_share(
    model: LanguageModel, question: Question, plan: Plan, far: int, case: NeedleCase
) -> float:
    """How much of the probability of all answers the right one has, each being right in turn."""
    shares = []
    for right in question.answers:
        prompt = hidden_at(model, question, right, plan.n_tokens, far).token_ids
        prompt_len = len(prompt) - len(model.encode(question.question))
        schedule = case.schedule(plan, model.n_layers, prompt_len)
        found = answer_probabilities(model, prompt, question.answers, schedule)
        shares.append(found[right] / sum(found.values()))
    return fmean(shares)


def shares_by_distance(
    model: LanguageModel, plan: Plan, case: NeedleCase
) -> dict[str, list[float]]:
    """The share of the right answer at each distance of the plan, for each question."""
    return {
        name: [rounded(right_share(model, question, plan, far, case)) for far in plan.distances]
        for name, question in QUESTIONS.items()
    }


def measurements(name: str) -> Measurements:
    """What is measured on one model, by the names under which it is stored."""
    model, plan = load_model(name), PLANS[name]
    return {
        "n_layers": lambda: model.n_layers,
        "trained_window": lambda: model.config.window_size,
        "prompt": lambda: asdict(plan),
        **{part: partial(shares_by_distance, model, plan, case) for part, case in CASES.items()},
    }


def how_computed() -> dict:
    """The facts of the measurement."""
    return {
        "needles": [q.needle(q.answers[0]).sentence.strip() for q in QUESTIONS.values()],
        "fillers": [HELD_OUT[q.filler] for q in QUESTIONS.values()],
        "n_answers": len(QUESTIONS["name"].answers),
        "torch": torch.__version__,
    }


def stored_needle() -> dict:
    """What was computed: {"how", "models"}."""
    return kept(FILE)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    measure_missing(
        FILE, {"how": how_computed()}, {name: partial(measurements, name) for name in PLANS}
    )
