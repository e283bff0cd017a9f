"""Read a model's `config.json`: its windows and heads by layer, which keys decided, and what traps.

The families are data, `config_families.json`, which `config_reader.js` reads too.  A key that the
file does not hold means what the family's class in transformers takes instead, and this is told.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from swa_viz.patterns import Causal, Pattern
from swa_viz.presets.config_families import ARCHITECTURE, read_family
from swa_viz.presets.config_heads import read_heads
from swa_viz.presets.config_layers import CHUNKED, SLIDING, Family, Kinds
from swa_viz.presets.config_marks import (
    read_key_is_value,
    read_nope,
    read_shared,
    read_sink_logits,
)
from swa_viz.presets.config_values import MOST_LAYERS, Asked, Decided, spoken
from swa_viz.presets.config_windows import (
    CHUNK,
    read_all_kinds,
    read_schedule,
    window_key,
)
from swa_viz.presets.preset import ModelPreset

MOST_TEXT = 4_000_000  # characters
MOST_LEVELS = 64
TOO_DEEP = "the file is nested too deeply for a config.json"


@dataclass(frozen=True)
class Reading:
    """What a config says: the model, its family, which keys decided, and what should be known.

    `window` is the number that stands in the file, in the family's own sense, which `convention`
    names; None where no layer slides.
    """

    preset: ModelPreset
    family: str
    decided: tuple[Decided, ...]
    warnings: tuple[str, ...]
    window: int | None
    convention: str


def said_of(pattern: Pattern, count: int) -> str:
    """Some layers that are alike, in words: "24 × sliding window (4096)"."""
    sizes = [value for key, value in pattern.to_plain().items() if key != "kind"]
    name = "full attention" if isinstance(pattern, Causal) else pattern.label
    return f"{count} × {name}{f' ({sizes[0]})' if sizes else ''}"


def tell_schedule(asked: Asked, family: Family, kinds: Kinds, key: str | None, says: str) -> None:
    """Keep which keys decided the windows, and warn where the file is silent."""
    rule = family["otherwise"].get("key")
    if key:
        asked.decide(key, says)
    elif rule and asked.has(rule):
        asked.decide(rule, says)
    else:
        asked.decide("layer_types", f"the family's own rule: {says}")
    window, _ = window_key(asked, family)
    if SLIDING in kinds and not family.get("window_of_context"):
        tell_window(asked, window, "the window of the layers that slide")
    if CHUNKED in kinds:
        tell_window(asked, CHUNK, "the chunk")


def tell_window(asked: Asked, key: str, means: str) -> None:
    """Keep the window's key, and warn where its number is only what the family's class takes."""
    asked.decide(key, means)
    if not asked.says(key):
        asked.warn(
            f"The file does not say {asked.name(key)}: the class in transformers takes "
            f"{spoken(asked.get(key))}, which need not be what the model was trained with."
        )


def tell_limits(asked: Asked, preset: ModelPreset) -> None:
    """Warn about windows in which the whole context fits."""
    context = preset.context_length
    backs = [pattern.span.back for pattern in preset.layer_schedule]
    narrow = [back + 1 for back in backs if back is not None and back != context]
    if context and narrow and min(narrow) >= context:
        asked.warn(
            f"The narrowest window has {min(narrow)} keys and the context {context} tokens, so "
            "that no window hides anything."
        )


def read_preset(config: object) -> Reading:
    """Read a config: the model, and why it was read like that.

    >>> config = {"model_type": "mistral", "num_hidden_layers": 2, "num_attention_heads": 32,
    ...           "hidden_size": 4096, "sliding_window": 4096}
    >>> read_preset(config).preset.layer_schedule
    (SlidingWindow(window_size=4096), SlidingWindow(window_size=4096))

    Raises ValueError, in one sentence, for what cannot be read.
    """
    kind, family, text = read_family(config)
    asked = Asked(text, family["defaults"], family.get("names", {}))
    n_layers = asked.whole("num_hidden_layers", at_most=MOST_LAYERS)
    asked.decide("num_hidden_layers", "layers")
    kinds, decided_by = read_all_kinds(asked, family, n_layers)
    schedule = read_schedule(asked, family, kinds)
    counted = Counter(schedule).items()
    says = ", ".join(said_of(pattern, count) for pattern, count in counted)
    tell_schedule(asked, family, kinds, decided_by, says)
    preset = make_preset(asked, family, kinds, schedule)
    tell_limits(asked, preset)
    if "remark" in family and SLIDING in kinds:
        asked.warn(f"{family['remark']}.")
    key, convention = window_key(asked, family)
    number = asked.get(key) if SLIDING in kinds else None
    window = int(number) if isinstance(number, int | float) else None
    file = "GGUF file" if ARCHITECTURE in text else "config.json"
    preset = replace(preset, source=f"a {file} of the family {kind}", notes=tuple(asked.warnings))
    return Reading(preset, kind, tuple(asked.decided), preset.notes, window, convention)


def make_preset(
    asked: Asked, family: Family, kinds: Kinds, schedule: tuple[Pattern, ...]
) -> ModelPreset:
    """The model of what has been read."""
    plain, heads = read_heads(asked, family, kinds)
    context = asked.optional("max_position_embeddings")
    if context:
        asked.decide("max_position_embeddings", "tokens of context")
    reserved = family.get("reserved_positions", 0)
    alike = set(heads) == {plain} and plain.head_dim == plain.value_dim
    return ModelPreset(
        label=f"{family['name']}, {len(kinds)} layers",
        layer_schedule=schedule,
        n_heads=plain.n_heads,
        n_kv_heads=plain.n_kv_heads,
        head_dim=plain.head_dim,
        context_length=context - reserved if context and context > reserved else context,
        source="a config.json",
        layer_heads=() if alike else heads,
        shared_kv_layers=read_shared(asked, len(kinds)),
        key_is_value_layers=read_key_is_value(asked, kinds),
        nope_layers=read_nope(asked, family, kinds),
        sink_logits=read_sink_logits(asked, family),
    )


def from_config(config: object) -> ModelPreset:
    """The model that a `config.json` describes: the object that its JSON holds.

    Raises ValueError, in one sentence, for what cannot be read.
    """
    return read_preset(config).preset


def parse_config(text: str) -> object:
    """The JSON of a file.  Raises ValueError, in one sentence, for a file that is none."""
    if len(text) > MOST_TEXT:
        raise ValueError(f"the file is longer than {MOST_TEXT:,} characters, and no config.json is")
    try:
        found = json.loads(text, parse_constant=refuse_constant)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except ValueError:
        raise ValueError("the file is not whole JSON") from None
    level = [found]
    for _ in range(MOST_LEVELS):
        level = [inner for value in level for inner in inner_values(value)]
    if level:
        raise ValueError(TOO_DEEP)
    return found


def refuse_constant(name: str) -> None:
    """NaN and Infinity are no JSON.  Raises ValueError."""
    raise ValueError(name)


def inner_values(value: object) -> Iterable[object]:
    """What a value of JSON holds."""
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
