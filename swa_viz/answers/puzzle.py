"""Answer what a small model says at the end of a puzzle, and where it looks (twin: puzzle.js).

The text holds its answers too: the model is asked for each of them after all words before it, as it
was when it was measured.
"""

import torch

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request
from swa_viz.experiments.far_tasks import N_COPIED, TEXT_LEN, TOKEN_OF, WORDS
from swa_viz.experiments.fix_models import FixModel, Reading, read
from swa_viz.experiments.fixes import BLANK
from swa_viz.shapes import Tensor

N_LIKELIEST = 8
DIGITS = 5


def words_of(text: str) -> list[str]:
    """The words of a puzzle.  Raises ValueError for any other text."""
    words = text.split(" ")
    if len(words) != TEXT_LEN:
        raise ValueError(LIMITS["puzzle_words"].format(words=TEXT_LEN, found=f"{len(words):,}"))
    for position, word in enumerate(words):
        if word not in TOKEN_OF:
            raise ValueError(LIMITS["puzzle_word"].format(position=position))
    return words


def asked_places(start: int | None) -> range:
    """The places whose words are asked for.  Raises ValueError if they are more than any task's."""
    start = TEXT_LEN - 1 if start is None else start
    if not TEXT_LEN - N_COPIED <= start < TEXT_LEN:
        raise ValueError(LIMITS["puzzle_start"].format(most=N_COPIED))
    return range(start, TEXT_LEN)


def answer_puzzle(request: Request, model: FixModel) -> dict:
    """{"tokens", "asked", "weights", "spans", "gates"}: what it says, and where it looks.

    `asked` has for each asked place its `place`, the `query` where the model is asked, the `right`
    word with its probability `share`, and the `likeliest` words, [[word, probability], ...].
    `weights[i][layer][head]` is what the query of the i-th of them gives to each token.  `spans`
    are the learned spans of each layer, head and token, and `gates` the share of its linear state
    that each head of each layer takes; None where the model has none.
    """
    words, places = words_of(request.text), asked_places(request.start)
    tokens = torch.tensor([TOKEN_OF[word] for word in words])
    if not model.fix.causal:
        tokens[places.start :] = BLANK
    reading = read(model, tokens)
    queries = [place - model.fix.causal for place in places]
    rows = reading.weights[:, :, queries].movedim(2, 0)
    return {
        "tokens": words,
        "asked": [
            said(reading, words[place], place, query)
            for place, query in zip(places, queries, strict=True)
        ],
        "weights": rounded(rows),
        "spans": None if reading.spans is None else rounded(reading.spans),
        "gates": None if reading.gates is None else rounded(reading.gates),
    }


def said(reading: Reading, right: str, place: int, query: int) -> dict:
    """What the model says in one place."""
    shares = reading.logits[query].double().softmax(-1)[: len(WORDS)]
    best = shares.argsort(descending=True, stable=True)[:N_LIKELIEST]
    return {
        "place": place,
        "query": query,
        "right": right,
        "share": float(shares[TOKEN_OF[right]]),
        "likeliest": [[WORDS[token], float(shares[token])] for token in best.tolist()],
    }


def rounded(numbers: Tensor) -> list:
    """Nested lists, with more digits than a page can show."""
    return numbers.double().round(decimals=DIGITS).tolist()
