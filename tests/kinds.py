"""Which calls a check of types and axes cannot tell apart, so that one of them is enough.

A check of axes costs more than most functions, and most calls are like an earlier one: the same
types, shapes and numbers' types.
"""

import functools
import inspect
from abc import ABCMeta
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import jaxtyping
import numpy as np
import torch

ARRAYS = (torch.Tensor, np.ndarray)
LOOKS_AT_THE_TYPE = (type.__instancecheck__, ABCMeta.__instancecheck__)


def is_seen_by_kind(annotation: object) -> bool:
    """Whether two things of one kind (see below) both fit the annotation, or neither does.

    >>> from typing import Literal
    >>> is_seen_by_kind(jaxtyping.Float[torch.Tensor, "n"] | None), is_seen_by_kind(list[int])
    (True, False)
    >>> is_seen_by_kind(tuple[int, ...]), is_seen_by_kind(Literal["a"])
    (True, False)
    """
    if annotation in (Any, None, NoneType, *ARRAYS):
        return True
    if get_origin(annotation) in (Union, UnionType, tuple):
        return all(part is ... or is_seen_by_kind(part) for part in get_args(annotation))
    if not inspect.isclass(annotation) or getattr(annotation, "_is_protocol", False):
        return False
    if issubclass(annotation, jaxtyping.AbstractArray):
        return annotation.array_type in ARRAYS
    return type(annotation).__instancecheck__ in LOOKS_AT_THE_TYPE


def kind(thing: object) -> object:
    """What a check of axes looks at: the type, of an array its shape, of a tuple its items.

    >>> kind(torch.ones(2, 3))
    (<class 'torch.Tensor'>, torch.Size([2, 3]), torch.float32)
    >>> kind((1, None))
    (<class 'tuple'>, <class 'int'>, <class 'NoneType'>)
    """
    if isinstance(thing, ARRAYS):
        return type(thing), thing.shape, thing.dtype
    if isinstance(thing, tuple):
        return type(thing), *map(kind, thing)
    return type(thing)


def checked_once(function: Callable, check: Callable) -> Callable:
    """Remember the kinds of the calls that `check` let through, and what each led to."""
    strict = check(function)
    passed: dict[tuple, set] = {}

    def call(*words: object, **named: object) -> object:
        if torch.compiler.is_compiling():  # its shapes may be symbols, which are not remembered
            return strict(*words, **named)
        given = (*map(kind, words), *named, *map(kind, named.values()))
        if given not in passed:
            result = strict(*words, **named)
            passed[given] = {kind(result)}
            return result
        result = function(*words, **named)
        if kind(result) not in passed[given]:
            said = functools.wraps(function)(lambda *words, **named: result)
            check(said)(*words, **named)
            passed[given].add(kind(result))
        return result

    return call
