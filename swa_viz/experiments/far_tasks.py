"""Three small tasks whose answer stands a chosen number of tokens back.

A text is made of words that say nothing, and of a few that do.  After a question word comes its
answer, and one word earlier in the text decides it, as far back as one likes.  A model that cannot
read that word can only guess.

- *recall*: "Ann red ... Ann" is followed by "red", the needle in a haystack.
- *copy*: six colours in a row; "again" is followed by the same six.
- *brackets*: "end" is followed by the kind of the latest bracket that is still open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import torch

from swa_viz.shapes import Bool, Int, Tensor

TEXT_LEN = 80
NAMES = ("Ann", "Bob", "Cid", "Dot", "Eve", "Fay", "Gus", "Hal")
COLOURS = ("red", "blue", "green", "gold", "grey", "pink", "black", "white")
OPENING = ("(", "[", "{", "<")
CLOSING = (")", "]", "}", ">")
AGAIN, END = "again", "end"
FILLER = (
    "the", "of", "and", "to", "in", "on", "at", "by", "a", "it", "is", "was", "so", "as", "or", "up"
)  # fmt: skip
WORDS = (*NAMES, *COLOURS, *OPENING, *CLOSING, AGAIN, END, *FILLER)
TOKEN_OF = {word: token for token, word in enumerate(WORDS)}

N_COPIED = 6
N_INSIDE = 2


@dataclass
class Puzzle:
    """A text, and the places whose word is an answer: place -> where the word stands that says it.

    The answer is asked for by the word before it.  `last` are the answers at the end of the text,
    which stand as far from their sources as was chosen; the others are there to learn from.
    """

    words: list[str]
    last: range
    sources: dict[int, int] = field(default_factory=dict)

    def put(self, place: int, *words: str) -> None:
        """Write words into the text."""
        self.words[place : place + len(words)] = words

    def distance(self, place: int) -> int:
        """How many tokens before its query the word stands that decides the answer at `place`."""
        return place - 1 - self.sources[place]


def blank(random: Random, length: int, n_answers: int = 1) -> Puzzle:
    """A text that says nothing, with so many answers at its end."""
    return Puzzle(random.choices(FILLER, k=length), range(length - n_answers, length))


def free_places(random: Random, start: int, stop: int, width: int, count: int) -> list[int]:
    """Where `count` things of one width may stand in start .. stop - 1 without touching each other.

    Fewer, if there is no room for all; in the order of the text.

    >>> free_places(Random(1), 10, 20, width=2, count=2)
    [10, 17]
    """
    count = min(count, (stop - start) // width)
    spare = stop - start - count * width
    gaps = sorted(random.choices(range(spare + 1), k=count))
    return [start + gap + i * width for i, gap in enumerate(gaps)]


def recall(random: Random, length: int, distance: int) -> Puzzle:
    """A name with its colour, and at the end the name again; the colour stood so far before."""
    puzzle, last = blank(random, length), length - 2
    source = last - distance
    name, colour = random.choice(NAMES), random.choice(COLOURS)
    puzzle.put(source - 1, name, colour)
    puzzle.put(last, name, colour)
    puzzle.sources[last + 1] = source
    return puzzle


def copy(random: Random, length: int, distance: int) -> Puzzle:
    """Six colours in a row, and again the same at the end, so far after they stood before.

    Where there is room for it, they stood there once more, as far before.
    """
    puzzle, step = blank(random, length, N_COPIED), distance + 1
    colours = random.sample(COLOURS, N_COPIED)
    starts = list(range(length - N_COPIED, -1, -step))[:3][::-1]
    puzzle.put(starts[0], *colours)
    for source, start in pairwise(starts):
        puzzle.put(start - 1, AGAIN, *colours)
        puzzle.sources |= {start + i: source + i for i in range(N_COPIED)}
    return puzzle


def brackets(random: Random, length: int, distance: int) -> Puzzle:
    """A bracket that was opened so far before the end, and brackets inside that are closed."""
    puzzle, last = blank(random, length), length - 2
    source = last - distance
    inside = free_places(random, source + 1, last, 3, N_INSIDE)
    for start, stop in zip(inside, [*inside[1:], last][: len(inside)], strict=True):
        put_pair(random, puzzle, start, random.randint(start + 1, stop - 2))
    put_pair(random, puzzle, source, last)
    return puzzle


def put_pair(random: Random, puzzle: Puzzle, start: int, end: int) -> None:
    """Open a bracket, and ask for its kind at its end."""
    kind = random.randrange(len(OPENING))
    puzzle.put(start, OPENING[kind])
    puzzle.put(end, END, CLOSING[kind])
    puzzle.sources[end + 1] = start


@dataclass(frozen=True)
class Task:
    """How a text of the task is made, and between which distances its answer may stand.

    In a text of N words the distance is at most N - `margin`.  Who guesses among the possible
    answers is right once in `n_choices`.
    """

    make: Callable[[Random, int, int], Puzzle]
    nearest: int
    margin: int
    n_choices: int

    def furthest(self, length: int) -> int:
        """The largest distance in a text of that length."""
        return length - self.margin

    def near_or_far(self, random: Random, length: int) -> int:
        """A distance: half of all evenly between the limits, half nearer, evenly in octaves."""
        furthest = self.furthest(length)
        if random.random() < 0.5:
            return random.randint(self.nearest, furthest)
        return round(self.nearest * (furthest / self.nearest) ** random.random())


TASKS: Mapping[str, Task] = {
    "recall": Task(recall, 2, 3, len(COLOURS)),
    "copy": Task(copy, N_COPIED, N_COPIED + 1, len(COLOURS)),
    "brackets": Task(brackets, 2, 2, len(OPENING)),
}


@dataclass(frozen=True)
class Puzzles:
    """Texts as tokens, which of their places hold an answer, and which of these are the last."""

    texts: Int[Tensor, "n_texts length"]
    is_answer: Bool[Tensor, "n_texts length"]
    is_last: Bool[Tensor, "n_texts length"]


def as_tensors(puzzles: list[Puzzle]) -> Puzzles:
    """The texts of some puzzles, all of one length."""
    texts = torch.tensor([[TOKEN_OF[word] for word in puzzle.words] for puzzle in puzzles])
    is_answer, is_last = torch.zeros(2, *texts.shape, dtype=torch.bool)
    for row, puzzle in enumerate(puzzles):
        is_answer[row, list(puzzle.sources)] = True
        is_last[row, list(puzzle.last)] = True
    return Puzzles(texts, is_answer, is_last)


def texts_to_learn_from(
    seed: int, n_per_task: int, length: int = TEXT_LEN, tasks: Mapping[str, Task] = TASKS
) -> Puzzles:
    """As many texts of each task, near and far."""
    random, found = Random(seed), []
    for task in tasks.values():
        for _ in range(n_per_task):
            found.append(task.make(random, length, task.near_or_far(random, length)))
    return as_tensors(found)


def texts_at(task: Task, distance: int, n_texts: int, length: int = TEXT_LEN) -> Puzzles:
    """Texts whose last answers stand so far from their sources; no training draws them."""
    random = Random(f"asked {distance}")
    return as_tensors([task.make(random, length, distance) for _ in range(n_texts)])
