"""What a lab may ask of a model: one frozen type, with one canonical key (the twin: request.js).

The key is the whole request as one string, the same in Python and in JavaScript.  Whatever keeps
answers (the browser, the server, a file) finds them by this key, so no part of a request can be
forgotten, and an answer is never shown for another one.
"""

import json
from dataclasses import asdict, dataclass, fields

from swa_viz.patterns import Pattern

STAGES = {"scores": "scores", "masked_scores": "masked scores", "weights": "weights"}
KINDS = (
    *("trace", "stretch", "overview", "influence", "perplexity", "windows", "first_token"),
    *("choices", "generate", "prefill", "puzzle"),
)


@dataclass(frozen=True)
class Edit:
    """`n_tokens` tokens from `position` on are replaced by other words, or dropped.

    They are dropped if `replacement` is None.  A word may be several tokens.
    """

    position: int
    replacement: str | None = None
    n_tokens: int = 1


@dataclass(frozen=True)
class Writing:
    """How a text is continued: `at_most` new tokens, of which the answer holds the first `n_steps`.

    So a page asks for a few more each time, and sees the text grow.  `temperature` and `top_p` are
    in hundredths: numbers with a point are not written alike in Python and in JavaScript.  A
    temperature of 0 always takes the likeliest token; a `top_p` of 100 and a `top_k` of None leave
    no token out.  `stop` are strings before which the text ends.
    """

    n_steps: int = 8
    at_most: int = 64
    temperature: int = 100
    top_k: int | None = None
    top_p: int = 100
    seed: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """One question to a model about one text.

    A "trace" is one run: `stage` says which numbers of it are wanted, `edit` what is changed in the
    text before.  An "influence" is how much every token matters to `token`, which counts from 0;
    None means the last one.  A "perplexity" is what every token costs, and "windows" what the text
    costs for each size of the windows in its schedule; a "first_token" is how far another first
    token moves the predictions, and "choices" how probable each of the `choices` is as what follows
    the text.  `schedule` has one pattern per layer, first layer first.  A trace
    has the numbers of all `layers`, or of those that are named, from 0, and "windows" changes the
    windows of these.  A `sink_logit` joins the softmax of every head; None leaves it as the model
    has learned it.

    A "generate" continues the text with a rolling cache, as `writing` says; a "prefill" reads it at
    once, in chunks of `chunk` tokens and one by one, and compares the results.

    A "stretch" is a trace of one layer of a long text: the numbers of its tokens from `start` on,
    from 0, as many as a page shows; None means the end of the text.  An "overview" is all of that
    layer in blocks of tokens.

    A "puzzle" asks one of the small models of `experiments/fixes.py`, by its name there, for the
    words of its text from `start` on; None means the last word.  The text is one of
    `experiments/far_tasks.py`, its words separated by single blanks.  These models have schedules
    of their own, so `schedule` is empty.
    """

    model: str
    text: str
    schedule: tuple[Pattern, ...]
    kind: str = "trace"
    stage: str = "weights"
    edit: Edit | None = None
    token: int | None = None
    layers: tuple[int, ...] | None = None
    sink_logit: int | None = None
    start: int | None = None
    choices: tuple[str, ...] | None = None
    writing: Writing | None = None
    chunk: int | None = None


NAMES = tuple(field.name for field in fields(Request))


def request_payload(request: Request) -> dict:
    """The whole request as plain data, its defaults filled in."""
    return {name: getattr(request, name) for name in NAMES} | {
        "schedule": [pattern.to_plain() for pattern in request.schedule],
        "edit": request.edit and asdict(request.edit),
        "layers": None if request.layers is None else list(request.layers),
        "choices": None if request.choices is None else list(request.choices),
        "writing": request.writing and asdict(request.writing) | {"stop": [*request.writing.stop]},
    }


def request_key(request: Request) -> str:
    """The request as one string: equal for equal requests, different for different ones.

    It is JSON with sorted names, and ASCII alone, so that half of a surrogate pair fits into it.

    >>> request_key(Request("tiny-swa", "é", ()))
    '{"choices":null,"chunk":null,"edit":null,"kind":"trace","layers":null,"model":"tiny-swa",...}'
    """
    return json.dumps(request_payload(request), sort_keys=True, separators=(",", ":"))
