"""The names of a lab's parts, by which links, frames and other programs ask for them."""

import pytest

from swa_viz.export.site import ADDRESSES

# The views of a page by its name; `beyond` shows those of one kind of sequence at a time.
VIEWS = {
    "home": ["tokens", "counts", "trade"],
    "window": ["matrix-full", "matrix-window", "rule", "counts", "conventions", "cost"],
    "attention": ["tokens", "matrix-full", "matrix-window", "next"],
    "layers": ["cone", "influence", "span"],
    "cache": ["ring", "matrix-window", "next", "chunks", "pace", "edit", "reuse", "rollback"],
    "limits": [
        "costs",
        "next",
        "perplexity",
        "needle-smollm2-135m",
        "needle-tiny-swa",
        "choices",
        "prefill-smollm2-135m",
        "prefill-tiny-swa",
        "map-smollm2-135m",
        "map-tiny-swa",
        "kept-layers",
        "reach",
        "longer-own",
        "longer-full",
        "family",
        "misconceptions",
    ],
    "fixes": ["text", "matrix", "accuracy", "ways", "growth-content", "spans-content"],
    "beyond": ["code", "names", "code-stored"],
    "beyond?sequence=talk": ["talk", "who", "talk-who", "talk-document", "talk-about"],
    "beyond?sequence=books": ["passage", "source", "books-right", "books-time"],
    "choose": ["front", "advice", "ways"],
    "models": [
        *("strips", "compared", "memory", "config", "which", "lines"),
        *("all-models", "map", "answers", "fits"),
    ],
}


def address_of(place: str) -> str:
    """The address of a page, perhaps with knobs that were moved, on the static site."""
    name, _, query = place.partition("?")
    return f"{ADDRESSES[name]}?{query}" if query else ADDRESSES[name]


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_has_its_name(open_site, name):
    page = open_site(address_of(name))
    page.locator("[data-view]:visible").first.wait_for()
    found = page.locator("[data-view]").evaluate_all("all => all.map((each) => each.dataset.view)")
    assert set(VIEWS[name]) <= set(found)
    assert len(set(found)) == len(found), "a name stands for one view"


def test_tokens_and_arcs_say_their_positions(open_site):
    page = open_site("attention.html?window=3")
    page.locator(".arcs path").first.wait_for()
    positions = page.locator("[data-view=tokens] [data-token]").evaluate_all(
        "all => all.map(({ dataset }) => Number(dataset.token))"
    )
    last = len(positions) - 1
    assert positions == list(range(last + 1))
    arcs = page.locator(".arcs path").evaluate_all(
        "all => all.map(({ dataset }) => [Number(dataset.query), Number(dataset.key)])"
    )
    assert sorted(arcs) == [[last, last - 2], [last, last - 1]]
