"""How many keys each layer reads: a config's window number, in its family's own sense."""

from swa_viz.patterns import CONVENTIONS, Causal, CentredWindow, Chunked, Pattern, from_convention
from swa_viz.patterns.pattern import LARGEST
from swa_viz.presets.config_layers import CHUNKED, FULL, SLIDING, Family, Kinds, read_kinds
from swa_viz.presets.config_values import Asked, Config, spoken, whole

WINDOW, CHUNK, SWITCH, BOTH_WAYS = (
    "sliding_window",
    "attention_chunk_size",
    "use_sliding_window",
    "use_bidirectional_attention",
)


def looks_ahead(asked: Asked, family: Family) -> bool:
    """Does the model read in both directions?

    Raises ValueError for a family whose windows are not known in that case.
    """
    if family.get("encoder"):
        return True
    value = asked.get(BOTH_WAYS)
    if value is None or value is False or value == "vision":
        if value == "vision":
            asked.warn(f"{BOTH_WAYS} is {spoken(value)}: tokens of a picture see each other.")
        return False
    if not family.get("both_ways") or not is_both_ways(value):
        raise ValueError(f"{BOTH_WAYS} is {spoken(value)}, and what that means is not known here")
    asked.decide(BOTH_WAYS, "every layer reads in both directions")
    return True


def is_both_ways(value: object) -> bool:
    """Does the switch say that all tokens read in both directions?"""
    return value is True or value == "all"


def window_key(asked: Asked, family: Family) -> tuple[str, str]:
    """The key that holds the window number, and the convention in which it counts."""
    for key, convention in family.get("window_before", {}).items():
        if asked.has(key):
            return key, convention
    if "both_ways" in family and is_both_ways(asked.get(BOTH_WAYS)):
        return WINDOW, family["both_ways"]
    return WINDOW, family.get("convention", "transformers")


def is_none(number: object) -> bool:
    """Is there no window?  0 and -1 are no such words: where layers slide, they are refused."""
    return number is None or number is False


def is_nothing(number: object) -> bool:
    """Is this one of the ways in which some programs say that something is not there?"""
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return number is None or number is False or (is_number and number in (0, -1))


def pattern_of(number: object, name: str, convention: str) -> Pattern:
    """The window of one layer.  Raises ValueError for a number that makes none."""
    read = CONVENTIONS[convention]
    size = whole(number, name, at_most=LARGEST - 1)
    if size % read.n_per_unit and not read.rounds_down:
        raise ValueError(f"{name} is split in two, so it must be even, but it is {size}")
    return from_convention(size, convention)


def full_pattern(both_ways: bool, context: int | None) -> Pattern:
    """A layer without a window.  In both directions that is a window as long as any text."""
    return CentredWindow(context or LARGEST) if both_ways else Causal()


def windows_by_layer(asked: Asked, family: Family, kinds: Kinds, key: str) -> list[object]:
    """The window number of each layer that slides, still unchecked, and None for the others."""
    n_layers, value = len(kinds), asked.get(key)
    if family.get("window_of_context"):  # a quarter of the context, in whole blocks of 128
        value = -(-asked.whole("max_position_embeddings") // 4 // 128) * 128
    listed = isinstance(value, list | tuple)
    numbers = asked.entries(key, n_layers) if listed else [value] * n_layers
    numbers = [n if kind == SLIDING else None for n, kind in zip(numbers, kinds, strict=True)]
    wide = family.get("every_second_window")
    if wide and not asked.has("per_layer_config"):
        for place, layer in enumerate([i for i, kind in enumerate(kinds) if kind == SLIDING]):
            numbers[layer] = wide if place % 2 else numbers[layer]
    for layer, own in layer_configs(asked, n_layers).items():
        numbers[layer] = own.get(WINDOW, numbers[layer])
    return numbers


def layer_configs(asked: Asked, n_layers: int) -> dict[int, Config]:
    """What `per_layer_config` says, by layer.  Raises ValueError for another form."""
    said = asked.get("per_layer_config")
    if said is None:
        return {}
    refused = ValueError("per_layer_config must be an object with the numbers of layers as keys")
    if not isinstance(said, dict) or len(said) > n_layers:
        raise refused
    found = {}
    for key, own in said.items():
        text = str(key)
        if not (text.isascii() and text.isdigit() and len(text) <= 9) or not isinstance(own, dict):
            raise refused
        if int(text) >= n_layers:
            raise refused
        found[int(text)] = own
    return found


def tell_unused(asked: Asked, family: Family, key: str, kinds: Kinds, is_off: bool) -> None:
    """Warn about a window that is declared and not used."""
    number = asked.get(key)
    if SLIDING in kinds or not asked.has(key) or is_nothing(number) or CHUNKED in kinds:
        return
    name, value = asked.name(key), spoken(number)
    if is_off:
        why = f"{SWITCH} is {spoken(asked.get(SWITCH))}"
    elif family["otherwise"]["rule"] == "none" and not asked.has("layer_types"):
        why = "this family has no sliding layers unless layer_types names them"
    else:
        why = "no layer is named as one that slides"
    asked.warn(f"{name} is {value}, but {why}: no layer has a window.")


def where_windows_are(asked: Asked, family: Family, kinds: Kinds, key: str, is_off: bool) -> Kinds:
    """The kinds by a family's own rule, with full layers where a window is off or missing."""
    no_window = (is_off or is_none(asked.get(key))) and not family.get("window_of_context")
    off = {SLIDING: no_window, CHUNKED: is_none(asked.get(CHUNK))}
    if is_off:
        asked.decide(SWITCH, "the window is switched off")
    elif no_window and SLIDING in kinds:
        asked.decide(key, "no layer has a window")
    return [FULL if off.get(kind) else kind for kind in kinds]


def read_all_kinds(asked: Asked, family: Family, n_layers: int) -> tuple[Kinds, str | None]:
    """The kind of each layer, once the switches and the missing windows are considered."""
    kinds, decided_by = read_kinds(asked, family, n_layers)
    key, _ = window_key(asked, family)
    is_off = asked.is_on(SWITCH) is False
    if decided_by is None:
        kinds = where_windows_are(asked, family, kinds, key, is_off)
    elif is_off and SLIDING in kinds:
        asked.warn(f"{SWITCH} is false, but {decided_by} names layers that slide, and it wins.")
    if family.get("last_is_full") and kinds[-1] != FULL:
        asked.warn("The last layer is named as one that slides, but this family makes it full.")
        kinds = [*kinds[:-1], FULL]
    tell_unused(asked, family, key, kinds, is_off)
    return kinds, decided_by


def read_schedule(asked: Asked, family: Family, kinds: Kinds) -> tuple[Pattern, ...]:
    """The pattern of each layer.  Raises ValueError for a window that is no number."""
    key, convention = window_key(asked, family)
    both_ways = looks_ahead(asked, family)
    full = full_pattern(both_ways, asked.optional("max_position_embeddings"))
    chunked = Chunked(asked.whole(CHUNK)) if CHUNKED in kinds else None
    numbers = windows_by_layer(asked, family, kinds, key)
    name = asked.name(key)
    schedule = []
    for kind, number in zip(kinds, numbers, strict=True):
        if kind == SLIDING and not is_none(number):
            schedule.append(pattern_of(number, name, convention))
        else:
            schedule.append(chunked if kind == CHUNKED else full)
    if SLIDING in kinds and all(is_none(number) for number in numbers):
        raise ValueError(f"layers slide here, but {name} is {spoken(asked.get(key))}")
    return tuple(schedule)
