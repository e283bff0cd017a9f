"""While the model comes, the badge says how far it is, and no picture is drawn anew for that."""

from swa_viz.web.bundle import as_function, in_order

SIZE = 10_000_000
# A worker that says only what it is told to say.
SAID = """([pieces, size]) => {
  let worker = null, drawn = 0;
  window.Worker = class {
    constructor() { worker = this; }
    postMessage({ id }) { this.id = id; }
  };
  const live = { base: "https://host.example/live/", worker: "worker.js", model: "tiny" };
  const follow = () => badge.follow();
  const engine = $web_engine_engine.openEngine({ live, limits: {} }, () => drawn++, follow);
  const badge = $web_views_badge.render({ engine, data: {} });
  engine.start();
  badge.update([]);
  const before = drawn;
  const news = badge.element.querySelector("[role=status]");
  const bar = badge.element.querySelector("progress");
  const changes = new MutationObserver(() => {});
  changes.observe(badge.element, { subtree: true, childList: true, attributes: true });
  const said = pieces.map((done) => {
    worker.onmessage({ data: { id: worker.id, progress: [done, size] } });
    return [news.textContent, bar.value, changes.takeRecords().length > 0];
  });
  return { said, drawn: drawn - before, started: before };
}"""


def test_each_percent_is_said_once_and_the_picture_stays(chromium_browser):
    page = chromium_browser.new_page()
    modules = map(as_function, in_order("web/engine/engine.js", "web/views/badge.js"))
    page.set_content(f"<script>{''.join(modules)}</script>")
    found = page.evaluate(SAID, [[4_000_000, 4_001_000, 4_100_000, SIZE], SIZE])
    page.close()
    words = "loading the model into your browser: {} % of 10 MB"
    assert found["said"] == [
        [words.format(40), 0.4, True],
        [words.format(40), 0.4, False],
        [words.format(41), 0.41, True],
        ["starting the model in your browser…", 1, True],
    ]
    assert found["drawn"] == 0 and found["started"] == 1
