"""Everything that the lab shows as measured, as one list: what measures it, and what that makes.

    python -m training.experiments                 measure what is missing, one after the other
    python -m training.experiments fixes dna       only these
    python -m training.experiments --anew fixes    forget its stored result first
    python -m training.experiments --list          say what there is, and how long it takes

Each experiment keeps every part as soon as it is measured, so an interrupted run goes on where it
was.  Times are those of one core.  What times kernels wants a machine that is left alone.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STORED = Path("swa_viz/experiments")
TIMED = Path("swa_viz/timing")


@dataclass(frozen=True)
class Experiment:
    """A module that measures, the file that it makes, and about how many minutes it takes.

    `runs` is the folder in which a training leaves its models, for one that trains; it takes
    `--jobs`.  What is `timed` is timed as a whole, and only if it is not there.
    """

    module: str
    makes: str
    minutes: int
    runs: str = ""
    arguments: tuple[str, ...] = ()
    timed: bool = False

    @property
    def file(self) -> Path:
        """What was stored."""
        return (TIMED if self.timed else STORED) / self.makes

    def command(self, jobs: int) -> list[str]:
        """How it is started."""
        side_by_side = ["--jobs", str(jobs)] if self.runs else []
        return [sys.executable, "-m", self.module, *self.arguments, *side_by_side]

    def forget(self) -> None:
        """Take away what was stored, so that all of it is measured again."""
        self.file.unlink(missing_ok=True)
        if self.runs:
            shutil.rmtree(self.runs, ignore_errors=True)


EXPERIMENTS: dict[str, Experiment] = {
    "limits": Experiment("swa_viz.experiments.stored_limits", "stored_limits.json", 10),
    "needle": Experiment("swa_viz.experiments.stored_needle", "stored_needle.json", 20),
    "prefill": Experiment("swa_viz.experiments.stored_prefill", "stored_prefill.json", 15),
    "map": Experiment("swa_viz.experiments.stored_map", "stored_map.json", 90),
    "choice": Experiment("swa_viz.experiments.stored_choice", "stored_choice.json", 240),
    "code": Experiment("swa_viz.experiments.stored_code", "stored_code.json", 15),
    "talk": Experiment("swa_viz.experiments.stored_talk", "stored_talk.json", 10),
    "image": Experiment("training.image", "stored_image.json", 25, "build/image"),
    "why": Experiment("swa_viz.experiments.stored_why", "stored_why.json", 2),
    "first_token": Experiment("training.first_token", "first_token.json", 5),
    "dna": Experiment("training.dna", "stored_dna.json", 15, "build/dna"),
    "books": Experiment("training.books", "stored_books.json", 10, "build/books"),
    "sound": Experiment("training.sound", "stored_sound.json", 10, "build/sound"),
    "fixes": Experiment("training.fixes", "stored_fixes.json", 75, "build/fixes"),
    "delay": Experiment("training.delay", "stored_delay.json", 20, "build/delay"),
    "sink_question": Experiment(
        "training.sink_question", "stored_sink_question.json", 25, "build/sink_question"
    ),
    "pretrained": Experiment("swa_viz.experiments.stored_pretrained", "stored_pretrained.json", 10),
    "grids": Experiment("swa_viz.timing.grids", "grids.json", 4, timed=True),
    "decoding": Experiment("swa_viz.timing.decoding", "decoding.json", 3, timed=True),
    "speed": Experiment("swa_viz.timing.stored", "stored.json", 60, timed=True),
}


def run_all(names: Iterable[str], jobs: int) -> int:
    """Run them one after the other, and say how far it is; the number of those that failed."""
    chosen, failed = list(names), 0
    for number, name in enumerate(chosen, 1):
        experiment, since = EXPERIMENTS[name], time.monotonic()
        if experiment.timed and experiment.file.exists():
            print(f"{number} of {len(chosen)}: {name} is there; --anew times it again", flush=True)
            continue
        print(f"{number} of {len(chosen)}: {name}, about {experiment.minutes} minutes", flush=True)
        code = subprocess.run(experiment.command(jobs), check=False).returncode
        failed += code != 0
        how = "done" if code == 0 else f"failed with exit status {code}"
        print(f"    {how} after {(time.monotonic() - since) / 60:.1f} minutes", flush=True)
    return failed


def main() -> None:
    """Measure what was named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--anew", action="store_true", help="forget their stored results first")
    parser.add_argument("--jobs", type=int, default=1, help="trainings side by side")
    parser.add_argument("--list", action="store_true", help="say what there is")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in EXPERIMENTS]
    if unknown:
        known = ", ".join(EXPERIMENTS)
        parser.error(f"there is no experiment {', '.join(unknown)}; known are {known}")
    chosen = arguments.names or list(EXPERIMENTS)
    if arguments.list:
        for name in chosen:
            print(f"{name:15} {EXPERIMENTS[name].minutes:4} min  {EXPERIMENTS[name].file}")
        return
    if arguments.anew:
        for name in chosen:
            EXPERIMENTS[name].forget()
    sys.exit(run_all(chosen, arguments.jobs) > 0)


if __name__ == "__main__":
    main()
