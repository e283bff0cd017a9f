"""The colours of weights: nothing is the background, more stands out more.  And the legend."""

import pytest
from playwright.sync_api import expect

from swa_viz.web.bundle import as_function, in_order

SHARES = [i / 64 for i in range(65)]
# The middle of a cell of the matrix, as the canvas holds it.
PIXEL = """(canvas, [query, key, n, gutter]) => {
  const density = window.devicePixelRatio;
  const left = Math.round(gutter * density);
  const cell = (canvas.width - left - 2) / n;
  const at = [left + (key + 0.5) * cell, (query + 0.5) * cell].map(Math.floor);
  return [...canvas.getContext("2d").getImageData(...at, 1, 1).data].slice(0, 3);
}"""
BACKGROUND = "(lab) => getComputedStyle(lab).backgroundColor.match(/\\d+/g).map(Number)"
NAMED = "(lab, name) => getComputedStyle(lab).getPropertyValue(name).trim()"


def lightness(colour: list[int]) -> float:
    """CIE L*, from 0 (black) to 100 (white)."""
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    share = sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * share ** (1 / 3) - 16 if share > 0.008856 else 903.3 * share


def hex_colour(text: str) -> list[int]:
    return [int(text[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize("dark", [False, True])
def test_more_weight_always_stands_out_more(open_site, dark):
    page = open_site("window.html", dark=dark)
    lab = page.locator(".lab")
    palette = {
        name: hex_colour(lab.evaluate(NAMED, f"--{name}")) for name in ("paper", "key", "most")
    }
    modules = "".join(as_function(name) for name in in_order("web/core/scale.js"))
    colours = page.evaluate(
        f"""([shares, palette]) => {{ {modules}
        return shares.map((share) => $web_core_scale.scaleColour(share, palette)); }}""",
        [SHARES, palette],
    )
    assert colours[0] == palette["paper"] == lab.evaluate(BACKGROUND)
    steps = [lightness(b) - lightness(a) for a, b in zip(colours, colours[1:], strict=False)]
    assert all(step > 0 if dark else step < 0 for step in steps)
    sizes = [abs(step) for step in steps]
    assert max(sizes) < 2 * sum(sizes) / len(sizes), "no step is much larger than the others"


@pytest.mark.parametrize("dark", [False, True])
def test_a_number_below_nothing_stands_out_as_much_in_another_hue(open_site, dark):
    page = open_site("window.html", dark=dark)
    lab = page.locator(".lab")
    names = ("paper", "key", "query", "most")
    palette = {name: hex_colour(lab.evaluate(NAMED, f"--{name}")) for name in names}
    modules = "".join(as_function(name) for name in in_order("web/core/scale.js"))
    above, below = page.evaluate(
        f"""([shares, palette]) => {{ {modules}
        const colourOf = $web_core_scale.signedColour;
        const colours = (sign) => shares.map((share) => colourOf(sign * share, palette));
        return [colours(1), colours(-1)]; }}""",
        [SHARES, palette],
    )
    assert above[0] == below[0] == palette["paper"]
    for more, less in list(zip(above, below, strict=True))[1:]:
        assert abs(lightness(more) - lightness(less)) < 6
    middle = len(above) // 2
    assert above[middle][0] > above[middle][2] and below[middle][0] < below[middle][2]


@pytest.mark.parametrize("dark", [False, True])
def test_the_future_is_empty_and_what_the_window_hides_is_not(open_site, dark):
    page = open_site("attention.html?window=4", dark=dark, width=1366)
    canvas = page.locator("[data-view=matrix-window] canvas")
    expect(page.locator(".chip[data-role=query] .weight")).not_to_have_text("")
    n = page.locator("[data-view=tokens] [data-token]").count()

    def pixel(query: int, key: int) -> list[int]:
        return canvas.evaluate(PIXEL, [query, key, n, 74])

    background = page.locator(".lab").evaluate(BACKGROUND)
    assert pixel(0, n - 1) == background
    strong, weak = lightness(pixel(0, 0)), lightness(background)
    assert abs(strong - weak) > 80
    hidden = pixel(n - 1, 0)
    assert hidden != background and abs(lightness(hidden) - weak) < 30


def test_the_legend_names_only_what_is_on_screen(open_site):
    page = open_site("attention.html?window=4")
    lines = page.locator(".legend li:visible")
    expect(lines).to_have_text(["hidden by the window, read in full attention", "the query's row"])
    page = open_site("window.html?window=24")
    expect(page.locator(".legend li:visible")).to_have_text(["read", "the query's row"])
    page = open_site("window.html?pattern=sink&window=4&sinks=1")
    expect(page.locator(".legend li:visible")).to_have_text(
        [
            "read",
            "hidden by the window, read in full attention",
            "★ a sink token: read whatever its age",
            "the query's row",
        ]
    )
