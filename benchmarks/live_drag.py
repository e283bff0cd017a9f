"""How often a second the model in the browser draws new numbers while a hand drags.

    make run                                                  in one terminal
    python -m benchmarks.live_drag http://localhost:8501      in another

A real Chromium moves a slider by one step a frame for some seconds.  A picture counts when it shows
numbers that it did not show before; while numbers are on their way it does not count.
"""

import argparse
import shutil
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

WORDS = (
    "In the beginning God created the heaven and the earth and the old man took his boat and went "
    "down to the sea where the dog sat on the mat with a king who said unto him behold the people "
    "of the land shall see the great water and the stone of the house in the night when the moon "
    "is over the hill and the men come home from the field with bread and wine for the child of "
    "the woman who lives by the river near the city wall and sings all day of the war and the law "
    "and the peace that was made by the good queen of the west and the east and north of the land"
).split()
CASES = (
    ("attention", 24, ".strip"),
    ("attention", 48, ".strip"),
    ("attention", 128, ".strip"),
    ("layers", 24, ".finding"),
    ("layers", 48, ".finding"),
)
SECONDS = 4
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

# Each turn of the hand takes another number of sinks, so that no answer is one that was remembered.
DRAG = """async ([probe, most, seconds]) => {
  const hosts = [...document.querySelectorAll("*")];
  const root = hosts.find((e) => e.shadowRoot?.querySelector(".lab"))?.shadowRoot ?? document;
  const slider = (name) => {
    const labels = [...root.querySelectorAll(".slider label")];
    return root.getElementById(labels.find((l) => l.textContent.startsWith(name)).htmlFor);
  };
  const set = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const [window, sinks] = [slider("Window W"), slider("Sink tokens S")];
  const [frames, begun] = [[], performance.now()];
  let [pictures, last, before, size, step] = [0, "", begun, 2, 1];
  while (performance.now() - begun < seconds * 1000) {
    await new Promise((done) => requestAnimationFrame(done));
    frames.push(performance.now() - before);
    before = performance.now();
    const shown = root.querySelector(probe).textContent;
    if (shown !== last && /\\d/.test(shown) && !shown.includes("…")) pictures++;
    last = shown;
    size += step;
    if (size >= most || size <= 2) {
      step = -step;
      set(sinks, (Number(sinks.value) + 1) % 5);
    }
    set(window, size);
  }
  frames.sort((a, b) => a - b);
  const badge = root.querySelector(".engine span").textContent;
  return [pictures / seconds, frames[frames.length >> 1], badge];
}"""


def until_live(page: Page) -> None:
    """Move W now and then, until the model in the page has computed what is shown."""
    badge = page.locator(".engine span").first
    for size in range(2, 100):
        page.get_by_label("Window W").first.fill(str(size % 16 + 2))
        page.wait_for_timeout(500)
        if "in your browser" in badge.text_content():
            return
    raise TimeoutError("the model did not start in the browser")


def measure(browser: Browser, address: str, name: str, n_tokens: int, probe: str) -> str:
    """One row of the table."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/{name}?text={quote(' '.join(WORDS[:n_tokens]))}")
    until_live(page)
    most = min(n_tokens - 6, 60)
    pictures, frame_ms, badge = page.evaluate(DRAG, [probe, most, SECONDS])
    context.close()
    return f"| {name} | {n_tokens} | {pictures:.0f} | {frame_ms:.0f} ms | {badge} |"


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="where the lab runs")
    address = parser.parse_args().address.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        print("| page | tokens | new pictures per second | frame, median | the badge |")
        print("|---|---|---|---|---|")
        for case in CASES:
            print(measure(browser, address, *case), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
