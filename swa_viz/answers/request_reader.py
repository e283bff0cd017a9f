"""Read a request that came from a browser: nothing in it is believed before it was looked at."""

from collections.abc import Callable, Mapping
from dataclasses import fields

from swa_viz.answers.limits import (
    MAX_LONG_TOKENS,
    MAX_NEW_TOKENS,
    MAX_REPLACEMENT,
    MAX_TEXT,
    MAX_TOKENS,
    check_length,
)
from swa_viz.answers.request import KINDS, NAMES, STAGES, Edit, Request, Writing
from swa_viz.patterns import Pattern, read_pattern, whole_number

# Far more than any lab sends: what lies beyond was sent to do harm.
MAX_LAYERS = 256
MAX_NUMBER = 1_000_000
MAX_POSITIONS = 512
MAX_NAME = 100
MAX_SINK_LOGIT = 100
MAX_ECHO = 60
MAX_CHOICES = 8
MAX_STOPS = 4

EDIT_NAMES = tuple(field.name for field in fields(Edit))
WRITING_NAMES = tuple(field.name for field in fields(Writing))
REQUIRED = ("model", "text", "schedule")


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


def read_chunk(value: object) -> int | None:
    """How many tokens are read at once, or None for a lab that does not ask."""
    if value is None:
        return None
    return whole_number(bounded_number(value, "a chunk", MAX_TOKENS), "a chunk", at_least=1)


def read_writing(value: object) -> Writing | None:
    """How a text is continued, or None; what is left out is at its default."""
    if value is None:
        return None
    if not isinstance(value, dict) or not value.keys() <= set(WRITING_NAMES):
        raise ValueError(f"a writing must be an object with {', '.join(WRITING_NAMES)}")
    least = {"n_steps": 1, "at_most": 1, "top_p": 1, "top_k": 1}
    most = {"n_steps": MAX_NEW_TOKENS, "at_most": MAX_NEW_TOKENS, "top_p": 100, "temperature": 1000}
    found = {}
    for name, number in value.items():
        if name == "stop":
            found[name] = read_stop(number)
        elif number is not None or name != "top_k":
            found[name] = bounded_number(number, name, most.get(name, MAX_NUMBER))
            whole_number(number, name, at_least=least.get(name, 0))
    return Writing(**found)


def read_stop(value: object) -> tuple[str, ...]:
    """The strings before which a text ends."""
    if not isinstance(value, list) or len(value) > MAX_STOPS or "" in value:
        raise ValueError(f"stop must be a list of at most {MAX_STOPS} texts, none empty")
    return tuple(read_words(entry, "a stop string", MAX_REPLACEMENT) for entry in value)


def read_layers(value: object) -> tuple[int, ...] | None:
    """Which layers are wanted, or None for all."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > MAX_LAYERS:
        raise ValueError(f"the layers must be a list of at most {MAX_LAYERS} numbers")
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
    "writing": read_writing,
    "chunk": read_chunk,
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
