"""The files of the model in the browser: pinned, whole, named by content, small, and served."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Error, Page

from swa_viz.answers import LIMITS as LIMITS_OF_LABS
from swa_viz.browser_model import files
from swa_viz.browser_model.files import (
    HASH_DIGITS,
    LIVE,
    MODULES,
    NAMES,
    PACKAGE,
    PACKED,
    SMALL_MODELS,
    SOURCES,
    files_of,
    manifest,
)
from swa_viz.experiments.fixes import FIXES
from swa_viz.models import MODELS, load_model
from tests.visitors import wipe

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
SCRIPT = "application/javascript"  # what scripts were called before RFC 9239
LIMITS = {"worker": MEGABYTE / 4, "wasm": 4 * MEGABYTE}
MODEL = ("weights", "forward", "influence", "step", "tokenizer")
MODEL_LIMIT = 12 * MEGABYTE
DOWNLOAD_LIMIT = 15 * MEGABYTE
MEMBER = "family-w8"


@pytest.fixture(scope="module")
def made() -> dict:
    found = files_of("tiny-swa")
    assert found, "swa_viz/web/static/live is missing: make test builds it"
    return found


def unpacked(name: str, made: dict) -> bytes:
    """What the worker gets to see of a file."""
    content = (LIVE / made[name]).read_bytes()
    return gzip.decompress(content) if made[name].endswith(".gz") else content


@pytest.mark.parametrize("name", NAMES)
def test_a_name_tells_the_truth_about_the_content(made, name):
    digest = hashlib.sha256(unpacked(name, made)).hexdigest()[:HASH_DIGITS]
    assert re.fullmatch(rf"[\w-]+\.{digest}\.(js|(wasm|safetensors|onnx|json)\.gz)", made[name])


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("model", ["tiny-swa", MEMBER])
def test_what_is_unpacked_is_the_original(model, name):
    assert unpacked(name, files_of(model)) == SOURCES[model][name].read_bytes()


def test_every_model_that_came_with_the_lab_has_its_files():
    bundled = [name for name, entry in MODELS.items() if entry.bundled]
    assert set(manifest()["models"]) == {*bundled, SMALL_MODELS}
    files = [files_of(name) for name in bundled]
    assert [each["model"] for each in files] == bundled
    assert len({each["weights"] for each in files}) == len(bundled)
    for shared in ("worker", "wasm", "tokenizer"):
        assert len({each[shared] for each in files}) == 1
    assert files_of("smollm2-135m") is None


def test_a_small_model_takes_little_beside_the_runtime():
    made = files_of(SMALL_MODELS)
    assert made["at_first"] == ["worker", "wasm", "table"]
    for name, path in SOURCES[SMALL_MODELS].items():
        assert unpacked(name, made) == path.read_bytes()
    graphs = {made[name] for name in made["sizes"] if name.endswith(".graph")}
    assert len(graphs) == 7
    for fix in FIXES:
        size = sum(made["sizes"][f"{fix}.{part}"]["download"] for part in ("weights", "graph"))
        assert size < MEGABYTE * (0.7 if fix == "deeper" else 0.45)


@pytest.mark.parametrize("name", NAMES)
def test_sizes_are_true(made, name):
    assert made["sizes"][name] == {
        "download": (LIVE / made[name]).stat().st_size,
        "unpacked": len(unpacked(name, made)),
    }


def test_nothing_else_lies_there(made):
    assert {path.name for path in LIVE.iterdir()} == {"manifest.json", *made["kept"]}


def test_a_first_visit_downloads_little(made):
    sizes = {name: made["sizes"][name]["download"] for name in NAMES}
    for name, limit in LIMITS.items():
        assert sizes[name] < limit, name
    assert sum(sizes[name] for name in MODEL) < MODEL_LIMIT
    assert sum(sizes.values()) < DOWNLOAD_LIMIT
    member = files_of(MEMBER)["sizes"]
    assert sum(member[name]["download"] for name in MODEL) < MODEL_LIMIT / 3


def test_the_worker_runs_from_any_address(made, browser_page):
    """It looks for nothing beside itself, so the address of a blob is good enough."""
    source = unpacked("worker", made).decode()
    assert "import.meta" not in source
    answer = browser_page.evaluate(
        """(source) => new Promise((resolve) => {
          const address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
          const worker = new Worker(address, {type: "module"});
          worker.onmessage = ({data}) => resolve(data);
          worker.onerror = ({message}) => resolve(message);
          worker.postMessage({id: 7, request: {}});
        })""",
        source,
    )
    assert answer["id"] == 7 and answer["error"]


def test_building_again_changes_nothing(monkeypatch, tmp_path):
    """Built in a copy, because other tests use the folder at the same time."""
    monkeypatch.setattr(files, "LIVE", shutil.copytree(LIVE, tmp_path / "live"))
    before = {path.name: path.read_bytes() for path in LIVE.iterdir()}
    assert files.build() == manifest()
    assert {path.name: path.read_bytes() for path in files.LIVE.iterdir()} == before


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """The builder, with small files and a folder of its own."""
    small = {name: tmp_path / path.name for name, path in SOURCES["tiny-swa"].items()}
    for name, path in small.items():
        path.write_bytes(name.encode() * 100)
    monkeypatch.setattr(files, "SOURCES", {"tiny": small})
    monkeypatch.setattr(files, "LIVE", tmp_path / "live")
    return small


def test_what_is_out_of_date_is_deleted(elsewhere):
    files.build()
    first = files.files_of("tiny")
    elsewhere["forward"].write_bytes(b"another graph")
    files.build()
    second = files.files_of("tiny")
    assert first["forward"] != second["forward"] and first["wasm"] == second["wasm"]
    names = {path.name for path in files.LIVE.iterdir()}
    assert second["forward"] in names and first["forward"] not in names
    assert len(names) == len(NAMES) + 1


def test_the_same_files_are_packed_into_the_same_bytes(elsewhere):
    def packed() -> dict[str, bytes]:
        shutil.rmtree(files.LIVE, ignore_errors=True)
        files.build()
        return {path.name: path.read_bytes() for path in files.LIVE.iterdir()}

    assert packed() == packed()


@pytest.mark.parametrize("spoil", ["delete the manifest", "garble it", "delete a file"])
def test_an_incomplete_folder_is_no_folder(elsewhere, spoil):
    made = files.build()
    assert files.manifest() == made
    if spoil == "delete a file":
        (files.LIVE / made["models"]["tiny"]["weights"]).unlink()
    elif spoil == "garble it":
        (files.LIVE / "manifest.json").write_text("{")
    else:
        (files.LIVE / "manifest.json").unlink()
    assert files.manifest() is None and files.files_of("tiny") is None


def test_a_missing_source_is_a_sentence(elsewhere, capsys):
    elsewhere["wasm"].unlink()
    with pytest.raises(SystemExit, match="cannot be prepared .*ort-wasm"):
        files.main()


def lock() -> dict[str, dict]:
    """Every package of package-lock.json except the project itself."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {name: entry for name, entry in packages.items() if name}


def test_packages_are_pinned_by_hash_and_name_no_registry():
    entries = lock()
    assert "node_modules/onnxruntime-web" in entries
    for name, entry in entries.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    for file in ("package.json", "package-lock.json", ".npmrc"):
        # Who pays for a package may have an address there: nothing is fetched from it.
        text = re.sub(r'"funding": (\[.*?\]|\{.*?\})', "", (ROOT / file).read_text(), flags=re.S)
        assert "://" not in text, file


def test_the_packages_named_are_exact_and_licensed():
    wanted = json.loads((ROOT / "package.json").read_text())
    licences = (ROOT / "LICENSES.md").read_text()
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert f"`{name}` {version}" in licences


def test_the_license_texts_of_what_we_serve_are_there():
    licences = (ROOT / "LICENSES.md").read_text()
    assert "Copyright (c) Microsoft Corporation" in licences
    assert "Permission is hereby granted, free of charge" in licences


@pytest.mark.parametrize("name", NAMES)
def test_the_lab_serves_every_file_as_what_it_is(app_url, made, name):
    request = Request(f"{app_url}/app/static/live/{made[name]}")
    with urlopen(request, timeout=20) as response:
        kind = response.headers.get_content_type()
        right = {"application/gzip"} if name in PACKED else {"text/javascript", SCRIPT}
        assert kind in right
        assert response.read() == (LIVE / made[name]).read_bytes()


def test_packed_files_are_not_packed_again(app_url, made):
    address = f"{app_url}/app/static/live/{made['tokenizer']}"
    request = Request(address, headers={"Accept-Encoding": "gzip"})
    with urlopen(request, timeout=20) as response:
        assert response.headers["Content-Encoding"] is None


DOWNLOAD = """async ([live, names]) => {
  const seen = [];
  const files = await tested.download(live, names, (done, total) => seen.push([done, total]));
  const digest = async (bytes) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const hashes = {};
  for (const name of names) hashes[name] = await digest(files[name]);
  const shelf = await caches.open("swa-viz-live");
  return {hashes, seen, kept: (await shelf.keys()).map(({url}) => url)};
}"""
SMALL = ("forward", "influence", "tokenizer")


@pytest.fixture(scope="module")
def script() -> str:
    """The module download.js as a script that names it `tested`."""
    esbuild, source = MODULES / ".bin" / "esbuild", PACKAGE / "browser_model" / "download.js"
    command = [esbuild, source, "--bundle", "--format=iife", "--global-name=tested"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def blank(chromium_browser: Browser) -> Iterator[Page]:
    """One page for all who download, in which a test's own script may run."""
    context = chromium_browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def downloader(blank: Page, script: str, app_url: str) -> Iterator[Page]:
    """A page of a new visitor with that script: it is wiped when the visitor leaves."""
    blank.goto(f"{app_url}/app/static/icon.png")
    blank.add_script_tag(content=script)
    yield blank
    wipe(blank, app_url)


@pytest.fixture
def live(app_url, made) -> dict:
    return {"base": f"{app_url}/app/static/live/", **made}


def requested(page: Page) -> list[str]:
    """The files of the model that the page asks the server for from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url.rsplit("/", 1)[-1]))
    return found


def test_files_arrive_unpacked_with_progress(downloader, live):
    result = downloader.evaluate(DOWNLOAD, [live, SMALL])
    for name in SMALL:
        assert result["hashes"][name].startswith(live[name].split(".")[1])
    total = sum(live["sizes"][name]["download"] for name in SMALL)
    assert result["seen"][-1] == [total, total]
    assert result["seen"] == sorted(result["seen"])


def test_a_second_visit_downloads_nothing(downloader, live):
    first = downloader.evaluate(DOWNLOAD, [live, SMALL])
    assert set(first["kept"]) == {live["base"] + live[name] for name in SMALL}
    asked = requested(downloader)
    second = downloader.evaluate(DOWNLOAD, [live, SMALL])
    assert asked == []
    assert second["hashes"] == first["hashes"]
    assert second["seen"][-1] == first["seen"][-1]


def test_older_versions_are_deleted_but_not_another_lab_s(downloader, live, app_url):
    old, other = live["base"] + "forward.0.onnx.gz", f"{app_url}/other/forward.0.onnx.gz"
    downloader.evaluate(
        "(urls) => caches.open('swa-viz-live').then((shelf) =>"
        " Promise.all(urls.map((url) => shelf.put(url, new Response('x')))))",
        [old, other],
    )
    kept = downloader.evaluate(DOWNLOAD, [live, ["forward"]])["kept"]
    assert set(kept) == {live["base"] + live["forward"], other}


def test_another_model_s_files_stay_and_what_is_shared_is_fetched_once(downloader, live):
    member = {"base": live["base"], **files_of(MEMBER)}
    downloader.evaluate(DOWNLOAD, [live, SMALL])
    asked = requested(downloader)
    kept = downloader.evaluate(DOWNLOAD, [member, SMALL])["kept"]
    assert set(asked) == {member["forward"], member["influence"]}
    assert set(kept) == {live["base"] + each[name] for each in (live, member) for name in SMALL}


def test_without_storage_files_are_simply_fetched(downloader, live):
    downloader.evaluate("() => { caches.open = () => Promise.reject(new DOMException('no')); }")
    fetch = "([live]) => tested.download(live, ['forward'], () => {}).then((f) => f.forward.length)"
    assert downloader.evaluate(fetch, [live]) == live["sizes"]["forward"]["unpacked"]


def test_what_the_host_unpacked_already_is_taken_as_it_is(downloader, live):
    content = gzip.decompress((LIVE / live["forward"]).read_bytes())
    downloader.route("**/forward.*", lambda route: route.fulfill(body=content))
    result = downloader.evaluate(DOWNLOAD, [live, ["forward"]])
    assert result["hashes"]["forward"].startswith(live["forward"].split(".")[1])
    packed = live["sizes"]["forward"]["download"]
    assert result["seen"][-1] == [packed, packed]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"status": 404, "body": "no"}, "could not be fetched .404."),
        ({"status": 200, "body": ""}, "is damaged"),
        ({"status": 200, "body": "<html>please log in</html>"}, "is damaged"),
        ({"status": 200, "body": b"\x1f\x8b" + bytes(50)}, "is damaged"),
    ],
)
def test_what_does_not_arrive_is_said_and_not_kept(downloader, live, answer, says):
    downloader.route("**/forward.*", lambda route: route.fulfill(**answer))
    with pytest.raises(Error, match=says):
        downloader.evaluate(DOWNLOAD, [live, ["forward"]])
    kept = "caches.open('swa-viz-live').then((shelf) => shelf.keys()).then((keys) => keys.length)"
    assert downloader.evaluate(kept) == 0


@pytest.mark.parametrize("damage", ["x", ""])
def test_what_was_kept_and_is_damaged_is_fetched_again(downloader, live, damage):
    url = live["base"] + live["forward"]
    keep = """([url, damage]) => caches.open("swa-viz-live")
      .then((shelf) => shelf.put(url, new Response(damage)))"""
    downloader.evaluate(keep, [url, damage])
    asked = requested(downloader)
    for _ in range(2):
        result = downloader.evaluate(DOWNLOAD, [live, ["forward"]])
        assert result["hashes"]["forward"].startswith(live["forward"].split(".")[1])
    assert asked == [live["forward"]]


OPENED = """async ([live, limits]) => {
  const worker = new Worker(live.base + live.worker, { type: "module" });
  window.reply = (message) => new Promise((resolve) => {
    worker.onmessage = ({ data }) => data.progress || resolve(data);
    worker.postMessage(message);
  });
  await window.reply({ id: 0, open: { live, packed: null, limits } });
}"""


def test_the_graph_that_goes_on_is_fetched_when_a_text_is_continued(downloader, live):
    member = {"base": live["base"], **files_of(MEMBER)}
    schedule = [{"kind": "sliding", "window_size": 4}] * load_model(MEMBER).n_layers
    trace = {"model": MEMBER, "text": "Once more", "schedule": schedule}
    asked = requested(downloader)
    # The second worker finds what the first one fetched.
    for answers in ((("trace", []), ("generate", [member["step"]])), (("prefill", []),)):
        downloader.evaluate(OPENED, [member, LIMITS_OF_LABS])
        for kind, fetched in answers:
            reply = downloader.evaluate("reply", {"id": 1, "request": trace | {"kind": kind}})
            assert reply["answer"]["tokens"] == ["O", "n", "ce", " more"]
            assert [name for name in asked if name.startswith("step")] == fetched
            asked.clear()
    assert reply["answer"]["differences"]["chunked"] < 1e-4
