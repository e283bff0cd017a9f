"""Names that return in a program: Python's own reader and the browser find the same ones."""

import io
import json
import keyword
import subprocess
import tokenize
from dataclasses import asdict

import pytest

from swa_viz.experiments.code_names import names_in, uses_of
from swa_viz.experiments.stored_code import (
    CASES,
    FAR,
    WINDOWS,
    case_costs,
    far_names,
    programs,
    stored_code,
)
from swa_viz.lessons.beyond.code_kind import CODE
from swa_viz.models import load_model, offered_models
from swa_viz.web.bundle import PACKAGE

SMALL = load_model("tiny-swa")
LARGE = "smollm2-135m"
STORED = stored_code()["models"][LARGE]
HARD = [
    'a = "b" + \'c\' + rb"d\\"e" + f"{x}"  # g\nh = a',
    '"""x\n"y" z""" + y\n\'\'\'never closed x y',
    "größe = 0x1F + 1e9 + größe_2 * größe\nfür, ②x, _ = λ, é, _",
    "self.x = x.self; x = 'it''s' 'never closed\nx = yield self",
    "🎉 = a; a🎉 = a",
]
CODES = [CODE, *programs(), *HARD]


def python_s_names(code: str) -> list[tuple[str, int]]:
    """Every name and where it begins, as the language's own tokenizer sees them."""
    lines = code.splitlines(keepends=True)
    before = [sum(map(len, lines[:i])) for i in range(len(lines) + 1)]
    return [
        (each.string, before[each.start[0] - 1] + each.start[1])
        for each in tokenize.generate_tokens(io.StringIO(code).readline)
        if each.type == tokenize.NAME and not keyword.iskeyword(each.string)
    ]


@pytest.mark.parametrize("code", [CODE, *programs()], ids=range(1 + len(programs())))
def test_the_names_are_those_that_python_reads(code):
    # Python 3.12 looks into the braces of such strings, and 3.11 does not: nor do we.
    plain = code.replace('f"', ' "')
    found = [(each.name, each.start) for each in names_in(plain)]
    assert found == python_s_names(plain)


def test_the_browser_finds_the_same_uses():
    pieces = [list(SMALL.tokenizer.pieces(SMALL.encode(code))) for code in CODES]
    script = """
        import { usesOf } from "./code_names.js";
        let sent = "";
        for await (const part of process.stdin) sent += part;
        console.log(JSON.stringify(JSON.parse(sent).map(usesOf)));
    """
    found = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps(pieces),
        cwd=PACKAGE / "experiments",
        capture_output=True,
        text=True,
        check=True,
    )
    for given, each in zip(json.loads(found.stdout), pieces, strict=True):
        expected = [
            asdict(use) | {"earlierStop": use.earlier_stop, "query": use.query, "age": use.age}
            for use in uses_of(each)
        ]
        for use in expected:
            del use["earlier_stop"]
        assert given == expected


def test_a_use_knows_its_tokens_and_how_far_back_it_must_read():
    pieces = ["def", " f", "(long", "_name", ",", " b", "):", " return", " long", "_name"]
    (use,) = uses_of(pieces)
    assert "".join(pieces[use.start : use.stop]).strip() == use.name == "long_name"
    assert "".join(pieces[use.earlier : use.earlier_stop]).strip("( ") == use.name
    assert (use.query, use.age) == (7, 5)


def test_what_is_stored_is_about_these_programs():
    assert STORED["n_layers"] == 30 and len(STORED["programs"]) == len(programs()) >= 6
    for program, full in zip(STORED["programs"], STORED["full"], strict=True):
        assert len(program["names"]) >= 4
        assert min(program["ages"]) >= FAR
        assert len(full["far"][0]) == len(program["names"])


@pytest.mark.skipif(LARGE not in offered_models(), reason="SmolLM2 was not fetched")
def test_a_stored_cost_can_be_measured_again(monkeypatch):
    model, first = load_model(LARGE), programs()[:1]
    monkeypatch.setattr("swa_viz.experiments.stored_code.programs", lambda: first)
    assert far_names(model) == STORED["programs"][:1]
    (found,) = case_costs(model, CASES["four sinks"], WINDOWS[3:4])
    expected = STORED["four sinks"][0]
    assert found["far"][0] == pytest.approx(expected["far"][3], rel=1e-2, abs=1e-2)
    assert found["rest"][0] == pytest.approx(expected["rest"][3], rel=1e-2)
