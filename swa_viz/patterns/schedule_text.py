"""A schedule as text: a letter for every layer, and after it perhaps a window of the layer's own.

`w8w8f` is two windows of 8 keys below full attention; a letter without a number takes the page's W.
So it stands in an address.  Whoever types it may write as papers do, `LLLLLG` or `L:8 L:8 G`, where
L is a window and G full attention, and a row shorter than the stack repeats, as it does in models.
`schedule_text.js` reads the same, and a test holds the two equal.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

# The letter that is typed, and what it stands for in a sentence.
WRITTEN = {
    "w": "L for a window",
    "f": "G for full attention",
    "d": "D for a dilated window",
    "c": "C for chunks",
}
ALSO = {"l": "w", "g": "f"}
# Full attention has no window, so no number follows it.
UNSIZED = "f"
MOST_CHARACTERS = 2000
LAYER = re.compile(r"([A-Za-z])(?:[ \t]*:?[ \t]*([0-9]+))?[ \t\r\n,]*")


class LayerText(NamedTuple):
    """A layer as it is written: its letter, and its own window, or None for the page's."""

    letter: str
    size: int | None

    def __str__(self) -> str:
        return f"{self.letter}{'' if self.size is None else self.size}"


class Typed(NamedTuple):
    """What somebody typed: a letter for every layer, and what must be said of it, or "".

    `text` is None for what is no schedule, and `said` then is the reason.
    """

    text: str | None
    said: str


class _Refused(Exception):
    """What is no schedule; its text is the reason."""


def layers_in(text: str) -> list[LayerText]:
    """The layers of a schedule as an address has it.

    >>> [str(layer) for layer in layers_in("w8f")], layers_in("w8f")[1].size
    (['w8', 'f'], None)
    """
    found = re.findall(r"([a-z])([0-9]*)", text)
    return [LayerText(letter, int(digits) if digits else None) for letter, digits in found]


def following(text: str) -> list[int] | None:
    """The layers that take the page's window, from 0; None where all do that have one.

    >>> following("w8wf"), following("wwf"), following("w8f")
    ([1], None, [])
    """
    layers = layers_in(text)
    if all(size is None for _, size in layers):
        return None
    plain = (i for i, (letter, size) in enumerate(layers) if size is None)
    return [i for i in plain if layers[i].letter not in UNSIZED]


def takes_window(text: str) -> bool:
    """Is there a layer that takes the page's window?

    >>> takes_window("wwf"), takes_window("w8f"), takes_window("ff")
    (True, False, False)
    """
    return any(size is None and letter not in UNSIZED for letter, size in layers_in(text))


def as_typed(text: str) -> str:
    """The layers as somebody would type them: a row that is there at least twice is written once.

    >>> as_typed("wwfwwf"), as_typed("w8w8f"), as_typed("wwwwwfww")
    ('LLG', 'L8L8G', 'LLLLLGLL')
    """
    layers = layers_in(text)
    twice = range(1, len(layers) // 2 + 1)
    repeats = (n for n in twice if all(x == layers[i % n] for i, x in enumerate(layers)))
    row = layers[: next(repeats, len(layers))]
    return "".join(f"{WRITTEN[letter][0]}{'' if size is None else size}" for letter, size in row)


def read_typed(typed: str, n_layers: int | None, letters: Collection[str], at_most: int) -> Typed:
    """The schedule that somebody typed for so many layers, whose windows have at most so many keys.

    Where it is for no model in particular, `n_layers` is None, and it stays the row that it is.

    >>> read_typed("LLG", 6, "wf", at_most=64)
    Typed(text='wwfwwf', said='These 3 layers are repeated 2 times.')
    >>> read_typed("L:8 L", 2, "wf", at_most=64), read_typed("L:99 G", 2, "wf", at_most=64)
    (Typed(text='w8w', said=''), Typed(text='w64f', said='Layer 1 asks for more than 64 keys,...'))
    >>> read_typed("Q", 2, "wf", at_most=64).said
    '“Q” (character 1) is no layer: write L for a window, G for full attention.'
    """
    try:
        parts = _parts(typed, letters)
        n_layers = len(parts) if n_layers is None else n_layers
        if not 1 <= len(parts) <= n_layers:
            raise _Refused(_count_text(len(parts), n_layers))
        layers = [_bounded(part, at_most) for part in parts]
    except _Refused as refused:
        return Typed(None, str(refused))
    said = [_moved_text(parts, at_most), _repeated_text(len(layers), n_layers)]
    repeated = (str(layers[i % len(layers)]) for i in range(n_layers))
    return Typed("".join(repeated), " ".join(filter(None, said)))


def _parts(typed: str, letters: Collection[str]) -> list[tuple[str, str]]:
    """Each layer's letter and digits."""
    if len(typed) > MOST_CHARACTERS:
        raise _Refused(f"A schedule has at most {MOST_CHARACTERS:,} characters.")
    place = len(typed) - len(typed.lstrip(" \t\r\n,"))
    parts: list[tuple[str, str]] = []
    while place < len(typed):
        found = LAYER.match(typed, place)
        letter = found and ALSO.get(found[1].lower(), found[1].lower())
        if not found or letter not in letters:
            known = ", ".join(words for each, words in WRITTEN.items() if each in letters)
            raise _Refused(f"“{typed[place]}” (character {place + 1}) is no layer: write {known}.")
        digits = found[2] or ""
        if digits and letter in UNSIZED:
            layer = f"Layer {len(parts) + 1}"
            raise _Refused(f"{layer} is full attention, which has no window: leave out its number.")
        parts.append((letter, digits))
        place = found.end()
    return parts


def _count_text(found: int, n_layers: int) -> str:
    if not found:
        return "Write a letter for each layer, such as LLLLLG."
    return f"There are {found} layers in this, and the model has {n_layers}."


def _bounded(part: tuple[str, str], at_most: int) -> LayerText:
    letter, digits = part
    # As a float first, because `int` refuses to read thousands of digits.
    return LayerText(letter, int(min(max(float(digits), 1), at_most)) if digits else None)


def _moved_text(parts: list[tuple[str, str]], at_most: int) -> str:
    """Which number had to be changed, the first of them."""
    for layer, (_, digits) in enumerate(parts, start=1):
        if digits and float(digits) > at_most:
            return f"Layer {layer} asks for more than {at_most:,} keys, the most here."
        if digits and float(digits) < 1:
            return f"Layer {layer} asks for no key, and the least is 1, the token itself."
    return ""


def _repeated_text(found: int, n_layers: int) -> str:
    if found == n_layers:
        return ""
    if found == 1:
        return f"The letter stands for all {n_layers} layers."
    if n_layers % found == 0:
        return f"These {found} layers are repeated {n_layers // found} times."
    return f"These {found} layers are repeated over all {n_layers}; the last time they are cut off."
