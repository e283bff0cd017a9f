"""The model card of a member of the window family."""

from statistics import fmean

from safetensors.torch import load_file

from swa_viz.experiments.window_family import LONG, STEP
from swa_viz.models.table import WEIGHTS
from training.evaluate import TEXTS
from training.export import SOURCES
from training.recipes import DRAWN_WINDOWS, KINDS, RECIPES, Recipe, member_name
from training.train import LATE_SHARES, SHARES

CARD = """# {name}

{introduction}

It belongs to a family of five: {members}.
They have the same sizes and the vocabulary of tiny-swa, began with the same numbers, and read the
same texts in the same order.  They differ in the window that they were trained in, and in nothing
else.  They exist to be compared: each is small, learned little, and writes worse than tiny-swa.

| | |
|---|---|
| parameters | {n_parameters:,} (embeddings tied) |
| layers, heads, key/value heads | {n_layers}, {n_heads}, {n_kv_heads} |
| width, feed-forward width | {d_model}, {d_ff} |
| window in training | {window} |
| vocabulary | {vocab_size:,} byte-level tokens, no control tokens |
| length of training texts | {trained_len} tokens |
| training | {n_steps:,} steps of {batch_size} texts, {n_tokens:,} tokens read in all |
| file | 16-bit floating point, {n_bytes:,} bytes; computes in 32 bits |

## What it learned from
{sources}

Share of the training texts: {shares}; in the last quarter {late_shares}.

## Held-out bits per byte
Measured on this file and on the excerpt in `swa_viz/experiments/held_out_texts/`, which it never
read in training: the mean of four texts, {trained_len} tokens at a time, every layer reading in the
window W.

{near}

## Longer than trained
Bits per byte by position in texts of {long:,} tokens, four times as long as those of the training.

{far}

The same numbers for every seed that was trained, and those of the other members, are in
`swa_viz/experiments/window_family.json`.

## Make it again
    make family

The loss of this run, step by step, is in `loss.csv`.

## Limits
It repeats the prejudices of its sources, some of them centuries old, states nothing reliably, and
understands English only.  Do not use it for anything but learning how attention works.
"""


def window_words(recipe: Recipe) -> str:
    """The window of the training, for the card's table."""
    if recipe.drawn_windows:
        drawn = ", ".join(str(window) for window in DRAWN_WINDOWS[:-1])
        return f"drawn anew for every step: {drawn} or full, all equally likely"
    if recipe.config.window_size is None:
        return "none: full attention in every layer"
    return f"{recipe.config.window_size} keys, the query included, in every layer"


def introduction(recipe: Recipe) -> str:
    """What this member is, in a sentence or two."""
    if recipe.drawn_windows:
        return (
            "A small English language model that was trained in many windows: each step of the\n"
            "training drew one, and all layers read in it.  `config.json` names no window."
        )
    if recipe.config.window_size is None:
        return "A small English language model that was trained with full attention."
    return (
        f"A small English language model in which every layer reads only the last "
        f"{recipe.config.window_size} tokens,\ntrained that way from the first step to the last."
    )


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown.

    >>> print(table(["W", "bits"], [["1", "2.5"]]))
    | W | bits |
    |---|---|
    | 1 | 2.5 |
    """
    first, *others = ["| " + " | ".join(cells) + " |" for cells in (heads, *rows)]
    return "\n".join([first, "|" + "---|" * len(heads), *others])


def family_card(name: str, measured: dict) -> str:
    """The card, with its numbers filled in."""
    recipe, path = RECIPES[name], WEIGHTS / name / "model.safetensors"
    sizes = recipe.config.to_dict()
    near = [[read_in, f"{fmean(row.values()):.3f}"] for read_in, row in measured["bits"].items()]
    curves = {
        read_in: [fmean(bits) for bits in zip(*row.values(), strict=True)]
        for read_in, row in measured["by_position"].items()
    }
    far = [
        [f"{i * STEP + 1} to {(i + 1) * STEP}", *(f"{curve[i]:.3f}" for curve in curves.values())]
        for i in range(LONG // STEP)
    ]
    return CARD.format(
        **sizes,
        name=name,
        introduction=introduction(recipe),
        members=", ".join(member_name(kind, recipe.seed) for kind in KINDS),
        window=window_words(recipe),
        n_parameters=sum(weight.numel() for weight in load_file(path).values()),
        n_bytes=path.stat().st_size,
        n_steps=recipe.n_steps,
        batch_size=recipe.batch_size,
        n_tokens=recipe.n_steps * recipe.batch_size * recipe.config.trained_len,
        sources="\n".join(f"- {text}: {SOURCES[text]}" for text in TEXTS),
        shares=", ".join(f"{text} {SHARES[text]:.0%}" for text in TEXTS),
        late_shares=", ".join(f"{text} {LATE_SHARES[text]:.0%}" for text in TEXTS),
        near=table(["W", "bits per byte"], near),
        long=LONG,
        far=table(["positions", *(f"W = {read_in}" for read_in in curves)], far),
    )
