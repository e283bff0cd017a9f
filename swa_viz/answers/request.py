"""What a lab may ask of a model: one frozen type, with one canonical key (the twin: request.js).

The key is the whole request as one string, the same in Python and in JavaScript.  Whatever keeps
answers (the browser, the server, a file) finds them by this key, so no part of a request can be
forgotten, and an answer is never shown for another one.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields

from swa_viz.answers.limits import (
    MAX_LONG_TOKENS,
    MAX_REPLACEMENT,
    MAX_TEXT,
    MAX_TOKENS,
    check_length,
)
from swa_viz.patterns import Pattern, read_pattern, whole_number

STAGES = {"scores": "scores", "masked_scores": "masked scores", "weights": "weights"}
KINDS = tuple("trace stretch overview influence perplexity windows first_token choices".split())
# Far more than any lab sends: what lies beyond was sent to do harm.
MAX_LAYERS = 256
MAX_NUMBER = 1_000_000
MAX_POSITIONS = 512
MAX_NAME = 100
MAX_SINK_LOGIT = 100
MAX_ECHO = 60
MAX_CHOICES = 8


@dataclass(frozen=True)
class Edit:
    """`n_tokens` tokens from `position` on are replaced by other words, or dropped.

    They are dropped if `replacement` is None.  A word may be several tokens.
    """

    position: int
    replacement: str | None = None
    n_tokens: int = 1


@dataclass(frozen=True)
class Request:
    """One question to a model about one text.

    A "trace" is one run: `stage` says which numbers of it are wanted, `edit` what is changed in the
    text before.  An "influence" is how much every token matters to `token`, which counts from 0;
    None means the last one.  A "perplexity" is what every token costs, and "windows" what the text
    costs for each size of the windows in its schedule; a "first_token" is how far another first
    token moves the predictions, and "choices" how probable each of the `choices` is as what follows
    the text.  `schedule` has one pattern per layer, first layer first.  A trace
    has the numbers of all `layers`, or of those that are named, from 0, and a `sink_logit` joins
    the softmax of every head; None leaves it as the model has learned it.

    A "stretch" is a trace of one layer of a long text: the numbers of its tokens from `start` on,
    from 0, as many as a page shows; None means the end of the text.  An "overview" is all of that
    layer in blocks of tokens.
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


EDIT_NAMES = tuple(field.name for field in fields(Edit))
NAMES = tuple(field.name for field in fields(Request))
REQUIRED = ("model", "text", "schedule")


def request_payload(request: Request) -> dict:
    """The whole request as plain data, its defaults filled in."""
    return {name: getattr(request, name) for name in NAMES} | {
        "schedule": [pattern.to_plain() for pattern in request.schedule],
        "edit": request.edit and asdict(request.edit),
        "layers": None if request.layers is None else list(request.layers),
        "choices": None if request.choices is None else list(request.choices),
    }


def request_key(request: Request) -> str:
    """The request as one string: equal for equal requests, different for different ones.

    It is JSON with sorted names, and ASCII alone, so that half of a surrogate pair fits into it.

    >>> request_key(Request("tiny-swa", "é", ()))
    '{"choices":null,"edit":null,"kind":"trace","layers":null,"model":"tiny-swa","schedule":[],...}'
    """
    return json.dumps(request_payload(request), sort_keys=True, separators=(",", ":"))


def shown(value: object) -> str:
    """A value as a sentence may quote it: short, whatever it is."""
    words = value if isinstance(value, str) else type(value).__name__
    if value is None or isinstance(value, bool | float):
        words = str(value)
    return repr(words if len(words) <= MAX_ECHO else f"{words[:MAX_ECHO]}…")


def bounded_number(value: object, name: str, most: int = MAX_NUMBER) -> int:
    """A whole number from 0 to `most`.  Raises ValueError for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{name} must be a whole number from 0 to {most:,}")
    return whole_number(value, name, at_least=0)


def read_words(value: object, name: str, most: int) -> str:
    """Text of at most so many characters."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, but it is {shown(value)}")
    check_length(value, most, name)
    return value


def one_of(allowed: tuple[str, ...], name: str) -> Callable[[object], str]:
    """Read one of a few words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {shown(value)}")
        return value

    return read


def check_sizes(value: object) -> None:
    """Raise ValueError if a pattern's field is larger than any lab needs."""
    if isinstance(value, list):
        if len(value) > MAX_POSITIONS:
            raise ValueError(f"a pattern may name at most {MAX_POSITIONS} positions")
        for position in value:
            bounded_number(position, "a position")
    elif not isinstance(value, bool):
        bounded_number(value, "a size in a pattern")


def read_layer(sent: object) -> Pattern:
    """The pattern of one layer."""
    if not isinstance(sent, dict):
        raise ValueError(f"a pattern must be an object with a kind, but it is {shown(sent)}")
    kind = read_words(sent.get("kind"), "the kind of a pattern", MAX_NAME)
    for name, value in sent.items():
        if name != "kind":
            check_sizes(value)
    return read_pattern({**sent, "kind": kind})


def read_schedule(value: object) -> tuple[Pattern, ...]:
    """One pattern per layer."""
    if not isinstance(value, list) or len(value) > MAX_LAYERS:
        raise ValueError(f"the schedule must be a list of at most {MAX_LAYERS} patterns")
    return tuple(map(read_layer, value))


def read_edit(value: object) -> Edit | None:
    """What is changed in the text, if anything."""
    if value is None:
        return None
    if not isinstance(value, dict) or not {"position"} <= value.keys() <= set(EDIT_NAMES):
        raise ValueError(f"an edit must be an object with {', '.join(EDIT_NAMES)}")
    replacement = value.get("replacement")
    if replacement is not None:
        read_words(replacement, "the replacement", MAX_REPLACEMENT)
    position = bounded_number(value["position"], "the position of an edit")
    n_tokens = bounded_number(value.get("n_tokens", 1), "the tokens of an edit", MAX_TOKENS)
    return Edit(position, replacement, whole_number(n_tokens, "the tokens of an edit", at_least=1))


def read_token(value: object) -> int | None:
    """The position of a token, or None."""
    return None if value is None else bounded_number(value, "the token")


def read_start(value: object) -> int | None:
    """Where a stretch begins, or None for the end of the text."""
    return None if value is None else bounded_number(value, "the start", MAX_LONG_TOKENS)


def read_layers(value: object) -> tuple[int, ...] | None:
    """Which layers are wanted, or None for all."""
    if value is None:
        return None
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_LAYERS:
        raise ValueError(f"the layers must be a list of 1 to {MAX_LAYERS} numbers")
    layers = tuple(bounded_number(layer, "a layer", MAX_LAYERS) for layer in value)
    if len(set(layers)) < len(layers):
        raise ValueError("each layer may be named once")
    return tuple(sorted(layers))


def read_sink_logit(value: object) -> int | None:
    """A sink logit, or None for the model's own."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_SINK_LOGIT:
        raise ValueError(
            f"a sink logit must be a whole number from -{MAX_SINK_LOGIT} to {MAX_SINK_LOGIT}"
        )
    return value


def read_choices(value: object) -> tuple[str, ...] | None:
    """The texts that may follow, or None."""
    if value is None:
        return None
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_CHOICES or "" in value:
        raise ValueError(f"the choices must be a list of 1 to {MAX_CHOICES} texts, none empty")
    return tuple(read_words(choice, "a choice", MAX_REPLACEMENT) for choice in value)


READERS: dict[str, Callable[[object], object]] = {
    "model": lambda value: read_words(value, "the model", MAX_NAME),
    "text": lambda value: read_words(value, "the text", MAX_TEXT),
    "schedule": read_schedule,
    "kind": one_of(KINDS, "the kind of a request"),
    "stage": one_of(tuple(STAGES), "the stage"),
    "edit": read_edit,
    "token": read_token,
    "layers": read_layers,
    "sink_logit": read_sink_logit,
    "start": read_start,
    "choices": read_choices,
}


def read_request(sent: object) -> Request:
    """The request that plain data from a browser names, what it leaves out at its default.

    Raises ValueError, with one sentence, for everything that is not a request.
    """
    if not isinstance(sent, Mapping):
        raise ValueError(f"a request must be an object, but it is {shown(sent)}")
    for name in sent:
        if name not in NAMES:
            raise ValueError(f"a request has no {shown(name)}; it has {', '.join(NAMES)}")
    for name in REQUIRED:
        if name not in sent:
            raise ValueError(f"a request must name its {name}")
    return Request(**{name: READERS[name](value) for name, value in sent.items()})
