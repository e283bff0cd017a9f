"""How often the model in the browser draws new numbers under a hand, and what a step of play costs.

    make run                                                  in one terminal
    python -m benchmarks.live_drag http://localhost:8501      in another

A real Chromium moves a slider by one step a frame for some seconds.  A picture counts when it shows
numbers that it did not show before; while numbers are on their way it does not count.  Then the
query walks along the text.  A step costs what the page's main thread computes for it, from its
script to its painting: in processor time, because a busy machine only makes it wait longer.
"""

import argparse
import shutil
from collections.abc import Iterable
from urllib.parse import quote

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

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
# Page, what its address says, and how long its text is.
WALKS = (
    ("", 24),
    ("", 48),
    ("window", 24),
    ("window", 48),
    ("window", 512),
    ("attention", 24),
    ("attention", 48),
    ("attention", 128),
    ("layers", 24),
    ("layers", 48),
)
SECONDS = 4
BROWSERS = ("chromium-headless-shell", "chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

ROOT = """
  const hosts = [...document.querySelectorAll("*")];
  const root = hosts.find((e) => e.shadowRoot?.querySelector(".lab"))?.shadowRoot ?? document;
"""
# Each turn of the hand takes another number of sinks, so that no answer is one that was remembered.
DRAG = (
    f"async ([probe, most, seconds]) => {{{ROOT}"
    + """
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
)

# How long each frame took in which the query took a step: from its first script to the next task,
# which comes when all is painted.
WALK = (
    f"async (seconds) => {{{ROOT}"
    + """
  const token = () => root.querySelector(".count strong").textContent;
  const [steps, { port1, port2 }, ask] = [[], new MessageChannel(), window.requestAnimationFrame];
  let [before, begun] = [token(), 0];
  port1.onmessage = () => {
    if (token() !== before) steps.push(performance.now() - begun);
    [before, begun] = [token(), 0];
  };
  window.requestAnimationFrame = (draw) => ask.call(window, (now) => {
    begun ||= performance.now();
    port2.postMessage(0);
    draw(now);
  });
  root.querySelector(".play .speed").value = "2";
  root.querySelector(".play .go").click();
  await new Promise((done) => setTimeout(done, seconds * 1000));
  window.requestAnimationFrame = ask;
  return steps.sort((a, b) => a - b);
}"""
)


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


def computed_ms(line: CDPSession) -> float:
    """The processor time that the page's main thread has used."""
    metrics = line.send("Performance.getMetrics")["metrics"]
    return 1000 * next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def walk(browser: Browser, address: str, name: str, n_tokens: int) -> str:
    """One row of the table of steps."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    text = f"tokens={n_tokens}" if name == "window" else f"text={quote(' '.join(WORDS[:n_tokens]))}"
    page.goto(f"{address}/{name}?{text}&token=1")
    if name == "window":
        page.locator("canvas").first.wait_for()
    else:
        until_live(page)
    line = context.new_cdp_session(page)
    line.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    line.send("Performance.enable")
    page.wait_for_timeout(SECONDS * 1000)
    before = computed_ms(line)
    page.wait_for_timeout(SECONDS * 1000)
    resting, before = computed_ms(line) - before, computed_ms(line)
    steps = page.evaluate(WALK, SECONDS)
    each = (computed_ms(line) - before - resting) / len(steps)
    context.close()
    median, most = steps[len(steps) // 2], steps[-1]
    return f"| {name or 'home'} | {n_tokens} | {each:.1f} ms | {median:.1f} ms | {most:.1f} ms |"


def show(title: str, rows: Iterable[str]) -> None:
    """Print one table, row by row."""
    print(title)
    print("|---" * (title.count("|") - 1) + "|")
    for row in rows:
        print(row, flush=True)
    print()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="where the lab runs")
    address = parser.parse_args().address.rstrip("/")
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        show(
            "| page | tokens | new pictures per second | frame, median | the badge |",
            (measure(browser, address, *case) for case in CASES),
        )
        show(
            "| page | tokens | computed in a step, mean | its frame, median | its frame, longest |",
            (walk(browser, address, *case) for case in WALKS),
        )
        browser.close()


if __name__ == "__main__":
    main()
