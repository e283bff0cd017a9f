"""Types and shapes checked at run time: by beartype, and by jaxtyping where axes are named.

Left to itself jaxtyping binds the arguments of every call a second time, to tell more of an error,
and keeps a memory of axes for functions that name none.  That is more work than most functions.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Literal, get_args, get_origin

import jaxtyping
from beartype import BeartypeConf, beartype
from jaxtyping import AbstractArray, TypeCheckError, install_import_hook

STRICT = BeartypeConf(violation_param_type=TypeCheckError, violation_return_type=TypeCheckError)
by_jaxtyping = jaxtyping.jaxtyped


def axes(annotation: object) -> str:
    """The axes that it names; text, which is not read yet, may name any.

    >>> axes(dict[str, jaxtyping.Float[object, "n 3"]]), axes(dict[str, int]), axes("Pattern")
    ('n 3', '', '{any}')
    """
    if isinstance(annotation, str):
        return "{any}"
    if inspect.isclass(annotation) and issubclass(annotation, AbstractArray):
        return annotation.dim_str
    if get_origin(annotation) is Literal:
        return ""
    return "".join(map(axes, get_args(annotation)))


def shapes(words: tuple, named: dict) -> str:
    """The shapes of what a function was given.

    >>> import torch
    >>> shapes((torch.ones(2, 3), 1), {"key": torch.ones(4)})
    'shapes: 0: (2, 3), key: (4,)'
    """
    given = dict(enumerate(words)) | named
    found = [f"{name}: {tuple(x.shape)}" for name, x in given.items() if hasattr(x, "shape")]
    return f"shapes: {', '.join(found)}"


def within_axes(function: Callable) -> Callable:
    """An axis has one length in all arguments and in the result of a call."""

    def call(*words: object, **named: object) -> object:
        with by_jaxtyping("context"):
            try:
                return function(*words, **named)
            except TypeCheckError as error:
                error.add_note(shapes(words, named))
                raise

    return call


def by_axes(function: Callable) -> Callable:
    """Each call is checked, with the lengths of its axes."""
    return within_axes(beartype(function, conf=STRICT))


def once_by_axes(function: Callable) -> Callable:
    """Calls that no check could tell apart are checked once."""
    from tests.kinds import checked_once, is_seen_by_kind  # torch: after conftest has set it up

    if all(map(is_seen_by_kind, function.__annotations__.values())):
        return checked_once(function, by_axes)
    return by_axes(function)


def checked(thing: object = None, *, typechecker: Callable) -> object:
    """What jaxtyping's import hook puts before every function and class."""
    if thing is None:
        return functools.partial(checked, typechecker=typechecker)
    if is_dataclass(thing):
        if not hasattr(thing.__init__, "__wrapped__"):  # else a class has inherited it
            thing.__init__ = checked(thing.__init__, typechecker=typechecker)
        return thing
    named = "".join(map(axes, getattr(thing, "__annotations__", {}).values()))
    is_plain = inspect.isfunction(thing) and not inspect.isgeneratorfunction(thing)
    if not is_plain or "{" in named:  # such an axis is as long as an argument says
        return by_jaxtyping(thing, typechecker=typechecker)
    strict = None  # made by the first call: a worker calls the fewest of all functions

    @functools.wraps(thing)
    def call(*words: object, **given: object) -> object:
        nonlocal strict
        if jaxtyping.config.jaxtyping_disable:
            return thing(*words, **given)
        if strict is None:
            strict = once_by_axes(thing) if named else beartype(thing, conf=STRICT)
        return strict(*words, **given)

    return call


def check_types(package: str) -> None:
    """Check every call in a package that is not imported yet."""
    jaxtyping.jaxtyped = checked
    install_import_hook(package, "beartype.beartype")
