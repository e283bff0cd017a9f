"""Which layers slide, by a model's config: a list in the file, an older key, or its family's rule.

`layer_types` wins over everything older.  Every way of saying it is one short function here, and
`config_layers.js` has the same ones.
"""

from collections.abc import Callable, Mapping

from swa_viz.presets.config_values import Asked, spoken, whole

FULL, SLIDING, CHUNKED = "full", "sliding", "chunked"
Kinds = list[str]
Family = Mapping[str, object]

WORDS = {
    "full_attention": FULL,
    "attention": FULL,
    "sliding_attention": SLIDING,
    "chunked_attention": CHUNKED,
}
LETTERS = {"L": SLIDING, "G": FULL}
NANOCHAT_LETTERS = {"S": SLIDING, "L": FULL}  # short and long


def by_words(asked: Asked, family: Family, key: str, n_layers: int) -> Kinds:
    """A list of words: `layer_types`.  Raises ValueError for a kind of layer that is not known."""
    known = {**WORDS, **family.get("kinds", {})}
    words = asked.entries(key, n_layers)
    for layer, word in enumerate(words):
        if not isinstance(word, str) or word not in known:
            raise ValueError(
                f"{asked.name(key)} says {spoken(word)} for layer {layer}, and what such a layer "
                f"reads is not known here; known are {', '.join(known)}"
            )
    return [known[word] for word in words]


def by_groups(asked: Asked, family: Family, key: str, n_layers: int) -> Kinds:
    """GPT-Neo's list of [kinds, times].  Raises ValueError for another form or length."""
    refused = ValueError(f"{key} must be a list of [kinds, times] that makes {n_layers} layers")
    groups, words = asked.get(key), []
    if not isinstance(groups, list | tuple):
        raise refused
    for group in groups:
        if not isinstance(group, list | tuple) or len(group) != 2 or len(words) > n_layers:
            raise refused
        if not isinstance(group[0], list | tuple) or not 0 < len(group[0]) <= n_layers:
            raise refused
        words += list(group[0]) * whole(group[1], f"a number of {key}", 0, n_layers)
    known = family.get("kinds", {})
    if len(words) != n_layers or not all(isinstance(w, str) and w in known for w in words):
        raise refused
    return [known[word] for word in words]


def by_flags(asked: Asked, family: Family, key: str, n_layers: int) -> Kinds:
    """A list with 1 for each layer that slides, and 0 for the others."""
    return [SLIDING if slides(flag, key) else FULL for flag in asked.entries(key, n_layers)]


def slides(flag: object, key: str) -> bool:
    """An entry of such a list: a switch or a number.  Raises ValueError for anything else."""
    if flag is None or isinstance(flag, bool):
        return bool(flag)
    return whole(flag, f"an entry of {key}", 0) > 0


def by_numbers(asked: Asked, family: Family, key: str, n_layers: int) -> Kinds:
    """The numbers of the layers that slide.  Raises ValueError for what is no list of them."""
    numbers = asked.get(key)
    if not isinstance(numbers, list | tuple):
        raise ValueError(f"{key} must be a list, but it is {spoken(numbers)}")
    local = {whole(number, f"an entry of {key}", 0) for number in numbers}
    return [SLIDING if layer in local else FULL for layer in range(n_layers)]


def by_letters(asked: Asked, family: Family, key: str, n_layers: int) -> Kinds:
    """The S and L of nanochat, over and over; its last layer is always full."""
    kinds = spelt(asked.get(key), key, NANOCHAT_LETTERS, n_layers)
    return [*kinds[:-1], FULL]


def spelt(word: object, key: str, letters: Mapping[str, str], n_layers: int) -> Kinds:
    """The layers that a word spells over and over.  Raises ValueError for other letters."""
    if not isinstance(word, str) or not word or any(c not in letters for c in word[:n_layers]):
        known = " and ".join(letters)
        raise ValueError(f"{key} must be spelt with {known}, but it is {spoken(word)}")
    return [letters[word[layer % len(word)]] for layer in range(n_layers)]


def by_cycle(asked: Asked, family: Family, key: str, n_layers: int) -> Kinds:
    """Every so many layers one is full: as a number, as letters (LLLG), or as a list of flags."""
    value = asked.get(key)
    if isinstance(value, str):
        return spelt(value, key, LETTERS, n_layers)
    if isinstance(value, list | tuple) and value:
        flags = [slides(flag, key) for flag in value[:n_layers]]
        return [SLIDING if flags[i % len(flags)] else FULL for i in range(n_layers)]
    return period(whole(value, asked.name(key)), family["otherwise"], n_layers)


def period(every: int, rule: Mapping[str, object], n_layers: int) -> Kinds:
    """One full layer in every so many: the first, the second, or the last of them.

    "last" counts from the last layer of the model, so that this one is full.
    """
    at = {"start": 0, "second": 1, "last": n_layers - 1}.get(rule.get("full"), every - 1) % every
    also = {*rule.get("also_full", []), *([n_layers - 1] if rule.get("last_full") else [])}
    full = [layer % every == at or layer in also for layer in range(n_layers)]
    return [FULL if is_full else SLIDING for is_full in full]


# The keys that say it, each with how it is read, the strongest first.
SOURCES: dict[str, Callable[[Asked, Family, str, int], Kinds]] = {
    "layer_types": by_words,
    "hybrid_layer_pattern": by_flags,
    "local_layer_ids": by_numbers,
    "attention_layers": by_words,
    "attention_types": by_groups,
    "window_pattern": by_letters,
    "sliding_window_pattern": by_cycle,
    "global_attn_every_n_layers": by_cycle,
}


def layers_with_rope(asked: Asked, n_layers: int) -> list[bool]:
    """Which layers have rotary positions, by the marks or the interval of the layers without."""
    if asked.get("no_rope_layers"):
        flags = asked.entries("no_rope_layers", n_layers)
        return [slides(flag, "no_rope_layers") for flag in flags]
    every = asked.optional("no_rope_layer_interval")
    return [not every or (layer + 1) % every != 0 for layer in range(n_layers)]


def by_family(asked: Asked, family: Family, n_layers: int) -> Kinds:
    """The rule of the family's class, where the file has no list."""
    rule = family["otherwise"]
    layers = range(n_layers)
    if rule["rule"] == "period":
        return period(rule["every"], rule, n_layers)
    if rule["rule"] in ("rope", "no_rope"):
        has_rope, with_rope = layers_with_rope(asked, n_layers), rule["rule"] == "rope"
        return [rule["kind"] if has_rope[layer] == with_rope else FULL for layer in layers]
    if rule["rule"] in ("last", "even_first"):
        bound = asked.whole(rule["key"], at_least=0)
        asked.decide(rule["key"], f"layer {bound} is where its rule changes")
        first = rule["rule"] == "even_first"
        does = [i % 2 == 0 and i < bound if first else i >= bound for i in layers]
        return [SLIDING if slides_here else FULL for slides_here in does]
    return [SLIDING if rule["rule"] == "all" else FULL for _ in layers]


def sources_of(family: Family) -> list[str]:
    """The keys that this family's code reads, the strongest first."""
    own = [*family.get("reads", []), family["otherwise"].get("key")]
    return [key for key in SOURCES if key == "layer_types" or key in own]


def read_kinds(asked: Asked, family: Family, n_layers: int) -> tuple[Kinds, str | None]:
    """The kind of each layer, and the key that decided it: None where the family's rule did.

    Raises ValueError for a list that cannot be read.
    """
    read = sources_of(family)
    for key in SOURCES:
        if key not in read and asked.has(key):
            asked.warn(f"{key} is in the file, but this family's own code does not read it.")
    if family.get("ignores_layer_types") and asked.has("layer_types"):
        asked.warn(
            "layer_types is believed here, but this family's class in transformers "
            "does not read it."
        )
    present = [key for key in read if asked.has(key)]
    if not present:
        return by_family(asked, family, n_layers), None
    kinds = SOURCES[present[0]](asked, family, present[0], n_layers)
    for older in present[1:]:
        if not agrees(asked, family, older, kinds):
            asked.warn(f"{older} says otherwise than {present[0]}, which wins.")
    return kinds, present[0]


def agrees(asked: Asked, family: Family, key: str, kinds: Kinds) -> bool:
    """Does a weaker key say the same?  One that cannot be read says something else."""
    try:
        return SOURCES[key](asked, family, key, len(kinds)) == kinds
    except ValueError:
        return False
