"""Keep what takes minutes to measure, each number as soon as it is there."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

Measurements = Mapping[str, Callable[[], object]]


def kept(file: Path) -> dict:
    """What a file keeps: the facts of its measurement, and under "models" what was measured."""
    return json.loads(file.read_text("utf-8"))


def measure_missing(file: Path, facts: dict, models: Mapping[str, Callable[[], Measurements]]):
    """Measure what the file does not hold yet, model by model; other facts make it start anew."""
    before = kept(file) if file.exists() else {}
    is_same = all(before.get(name) == value for name, value in facts.items())
    found = before["models"] if is_same else {}
    for name, measurements in models.items():
        known = found.setdefault(name, {})
        for part, measure in measurements().items():
            if part not in known:
                sys.stderr.write(f"{name}: {part}\n")
                known[part] = measure()
                file.write_text(json.dumps(facts | {"models": found}, indent=1) + "\n", "utf-8")
