"""A sentence in a long text, and a question about it at the end: does the model still know it?

The sentence is the needle: a fact, or an instruction.  Filler separates it from the question.
Beyond the reach of the layers nothing of the needle can arrive, whatever the model has learned:
the answer is then bit for bit the one that another needle of the same length would get.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from swa_viz.experiments.perplexity import Schedule, cost_bits
from swa_viz.models import LanguageModel
from swa_viz.models.language_model import TokenIds
from swa_viz.patterns import whole_number
from swa_viz.shapes import Float, Int, Tensor


@dataclass(frozen=True)
class Needle:
    """What is hidden, what is asked, and what could be answered: the first answer is right."""

    sentence: str
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Hidden:
    """A prompt with a needle in it, and where its sentence begins and ends, in tokens."""

    token_ids: tuple[int, ...]
    start: int
    stop: int

    @property
    def distance(self) -> int:
        """How far the end of the prompt lies behind the last token of the sentence."""
        return len(self.token_ids) - self.stop


def hide(model: LanguageModel, needle: Needle, filler: str, n_before: int, n_after: int) -> Hidden:
    """Put the needle between so many tokens of filler, and the question at the end.

    The filler is repeated as often as it takes.

    Raises ValueError for a filler, a sentence or a question without tokens.
    """
    n_before = whole_number(n_before, "n_before", at_least=0)
    n_after = whole_number(n_after, "n_after", at_least=0)
    once, sentence, question = map(model.encode, (filler, needle.sentence, needle.question))
    endless = once * ((n_before + n_after) // len(once) + 1)
    before, after = endless[:n_before], endless[n_before : n_before + n_after]
    stop = n_before + len(sentence)
    return Hidden((*before, *sentence, *after, *question), n_before, stop)


def answer_probabilities(
    model: LanguageModel,
    token_ids: TokenIds,
    answers: Sequence[str],
    layer_schedule: Schedule | None = None,
) -> dict[str, float]:
    """How probable the model finds each answer as the text that follows, all its tokens together.

    Raises ValueError for an answer without tokens, bad tokens and a bad schedule.
    """
    prompt = model.check_tokens(token_ids)
    following = {answer: model.encode(answer) for answer in answers}
    read = dict.fromkeys(tuple(ids[:-1]) for ids in following.values())
    logits = {ids: logits_after(model, prompt, ids, layer_schedule) for ids in read}
    return {
        answer: 2 ** -cost_bits(logits[tuple(ids[:-1])], torch.tensor(ids)).sum().item()
        for answer, ids in following.items()
    }


def logits_after(
    model: LanguageModel,
    prompt: Int[Tensor, " seq_len"],
    following: TokenIds,
    layer_schedule: Schedule | None,
) -> Float[Tensor, "n_logits vocab_size"]:
    """The logits at the end of the prompt, and at each of the tokens that follow it."""
    read = torch.cat([prompt, prompt.new_tensor(following)])
    return model.logits(read, layer_schedule, n_last=len(following) + 1).double().cpu()


def finds(probabilities: dict[str, float], needle: Needle) -> bool:
    """Whether the right answer is more probable than every wrong one.

    >>> finds({"red": 0.2, "blue": 0.1}, Needle("", "", ("red", "blue")))
    True
    """
    right, *wrong = (probabilities[answer] for answer in needle.answers)
    return all(right > other for other in wrong)
