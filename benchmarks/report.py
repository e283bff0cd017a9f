"""The findings as Markdown, as JSON with the time of every round, and as plots in one HTML file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import plotly.graph_objects as go

from benchmarks.section import Curve, Section
from swa_viz.timing.report import markdown_table

WORDS = ("contender", "N, pattern", "why it has no time", "ours", "fastest other")
HEAD = """# Attention, ours against the others

Every output was checked against the float64 reference before its time counted. Times are medians
of rounds in which all took turns; a round beside which the machine was busy was done again, and
nothing is concluded from times that were disturbed all the same. E = (time of torch's full causal
attention / time) / (score pairs of full causal / of the pattern): 1 means that every pair saved is
time saved. Like for like is the same with the kernel's own full causal time. Longformer's window is
centred: it computes the centred window of W + 1 keys where W are asked for.
"""


def markdown(machine: dict, contenders: Sequence[dict], sections: Sequence[Section]) -> str:
    """The whole report."""
    about = markdown_table(("machine", ""), tuple(machine.items()), words=("machine", ""))
    columns = ("contender", "what it is", "package", "takes part")
    here = [
        (c["name"], c["idea"], c["package"], f"absent: {c['absent']}" if c["absent"] else "yes")
        for c in contenders
    ]
    parts = [HEAD, about, markdown_table(columns, here, words=columns)]
    for section in sections:
        parts.append(f"## {section.title}\n")
        if section.sentences:
            parts.append("".join(f"- {sentence}\n" for sentence in section.sentences))
        parts += [markdown_table(*table, words=WORDS) for table in section.tables]
    return "\n".join(part for part in parts if part)


def figure(title: str, curves: Sequence[Curve]) -> go.Figure:
    """Times over N on two logarithmic axes: the slope is the exponent."""
    drawn = go.Figure()
    for curve in curves:
        drawn.add_scatter(x=curve.lengths, y=curve.times_ms, name=curve.name, mode="lines+markers")
    drawn.update_xaxes(title="tokens N", type="log")
    drawn.update_yaxes(title="milliseconds, median", type="log")
    return drawn.update_layout(title=title, height=600)


def plots(sections: Sequence[Section]) -> str:
    """One HTML file that needs nothing else: a plot for every suite that has curves."""
    bodies, library = [], True
    for section in sections:
        if section.curves:
            drawn = figure(section.title, section.curves)
            bodies.append(drawn.to_html(full_html=False, include_plotlyjs=library))
            library = False
    title = "<title>Attention, ours against the others</title>"
    return f'<!doctype html><html lang="en"><meta charset="utf-8">{title}{"".join(bodies)}</html>'


def write(
    out: Path, machine: dict, contenders: Sequence[dict], sections: Sequence[Section]
) -> tuple[Path, ...]:
    """Write all three files into a folder; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    data = {
        "machine": machine,
        "contenders": list(contenders),
        "suites": [asdict(section) for section in sections],
    }
    contents = {
        "kernels.md": markdown(machine, contenders, sections),
        "kernels.json": json.dumps(data, indent=1) + "\n",
        "kernels.html": plots(sections),
    }
    for name, text in contents.items():
        (out / name).write_text(text)
    return tuple(out / name for name in contents)
