"""Generation: what is written, how the next token is drawn, and where it stops."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
import torch

from swa_viz.models import load_model
from swa_viz.models.sampling import Sampling, StopStrings
from swa_viz.patterns import Causal, CentredWindow

NOT_NUMBERS = [True, "1", None, [1], 1j, torch.tensor([1.0, 2.0])]


@pytest.fixture(scope="module")
def tiny():
    return load_model("tiny-swa")


def test_its_sentences_are_english(tiny):
    said = "".join(s.text for s in tiny.generate("The people of the", 40, temperature=0.7, seed=3))
    assert len(said) > 80 and " the " in said


def test_the_same_seed_writes_the_same_text(tiny):
    def write(seed):
        return [step.token_id for step in tiny.generate("Once", 12, seed=seed)]

    assert write(5) == write(5) != write(6)


def test_steps_arrive_one_by_one_and_join_to_the_text(tiny):
    steps = list(tiny.generate("Once", 30, seed=1))
    written = tiny.tokenizer.decode(step.token_id for step in steps)
    assert len(steps) == 30 and "".join(step.text for step in steps) == written
    start = len(tiny.encode("Once"))
    assert [step.position for step in steps] == list(range(start, start + 30))


def up_to(text: str, stop: tuple[str, ...]) -> str:
    """The text before the stop string that is complete first, looked for letter by letter."""
    for end in range(1, len(text) + 1):
        complete = [entry for entry in stop if text[:end].endswith(entry)]
        if complete:
            return text[: end - max(map(len, complete))]
    return text


def written(tiny, monkeypatch, token_ids: list[int], stop=()) -> str:
    """What `generate` shows when these tokens are drawn, one after the other."""
    draws = iter(token_ids)
    monkeypatch.setattr(Sampling, "choose", lambda *_: next(draws))
    return "".join(step.text for step in tiny.generate("日本", len(token_ids), stop=stop))


@pytest.mark.parametrize("stop", [(), ("\ufffd\ufffd",), ("a", "本\ufffd")], ids=repr)
@pytest.mark.parametrize("seed", range(16))
def test_unfinished_characters_are_written_as_decode_writes_them(tiny, monkeypatch, stop, seed):
    bytes_of_text = tiny.encode("日本🎉a")  # this vocabulary has a token for every byte of it
    token_ids = Random(seed).choices(bytes_of_text, k=6)
    whole = tiny.tokenizer.decode(token_ids)
    assert written(tiny, monkeypatch, token_ids, stop) == up_to(whole, stop)


def test_a_text_that_ends_inside_a_character(tiny, monkeypatch):
    assert written(tiny, monkeypatch, tiny.encode("ab日")[:-1]) == "ab\ufffd"
    assert written(tiny, monkeypatch, tiny.encode("ab日")[:-1], stop="\ufffd") == "ab"


def test_a_stop_string_ends_the_text_before_itself(tiny):
    whole = "".join(step.text for step in tiny.generate("Once", 30, temperature=0))
    stop = whole[20:24]
    stopped = "".join(step.text for step in tiny.generate("Once", 30, temperature=0, stop=[stop]))
    assert stopped == whole[: whole.index(stop)]


def test_what_could_have_become_a_stop_string_is_shown_in_the_end(tiny):
    whole = "".join(step.text for step in tiny.generate("Once", 8, temperature=0))
    steps = tiny.generate("Once", 8, temperature=0, stop=[whole[-3:] + "\x00"])
    assert "".join(step.text for step in steps) == whole


def test_no_tokens_are_asked_for(tiny):
    assert list(tiny.generate("Once", 0)) == []


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        *(({"temperature": t}, "temperature must be") for t in (-1.0, float("nan"), float("inf"))),
        *(({"temperature": t}, "temperature must be") for t in (10**400, *NOT_NUMBERS)),
        *(({"top_k": k}, "top_k must be a whole number of at least 1") for k in (0, -1, 2.0, True)),
        *(({"top_k": k}, "top_k must be a whole number") for k in ("3", [3])),
        *(({"top_p": p}, "top_p must be above 0") for p in (0.0, 1.5, float("nan"), True, "0.5")),
        *(({"seed": seed}, "seed must be") for seed in (-3, 1.0, True, "1", -(2**70))),
        *(({"seed": seed}, "seed must be at most 18446744073709551615") for seed in (2**64, 2**70)),
        *(
            ({"stop": stop}, "stop must be strings")
            for stop in ([""], "", ["a", ""], None, 5, b"x")
        ),
        *(({"max_new_tokens": n}, "max_new_tokens must be") for n in (-1, 2.5, "3", None, True)),
        *(({"prompt": text}, "text must be a string") for text in (None, 5, b"Once")),
        ({"prompt": ""}, "text is empty"),
        ({"layer_schedule": [CentredWindow(1)] * 6}, "reads tokens after the query"),
        ({"layer_schedule": [Causal()]}, "one pattern for each"),
        ({"layer_schedule": [4] * 6}, "one pattern for each"),
        ({"layer_schedule": Causal()}, "one pattern for each"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_settings_that_mean_nothing_are_refused_at_once(
    shapes_unchecked, tiny, settings, complaint
):
    with pytest.raises(ValueError, match=complaint):
        tiny.generate(**{"prompt": "Once", "max_new_tokens": 3, **settings})


def drawn(logits, **settings):
    """Which tokens come up in 400 draws."""
    sampling = Sampling(**{"seed": 0, **settings})
    draws = sampling.draws()
    return {sampling.choose(torch.tensor(logits), draws(position)) for position in range(400)}


FOUR = torch.tensor([0.1, 0.4, 0.2, 0.3]).log().tolist()


def test_settings_cut_the_tail():
    assert drawn(FOUR) == {0, 1, 2, 3}
    assert drawn(FOUR, top_k=2) == {1, 3}
    assert drawn(FOUR, top_p=0.65) == {1, 3}
    assert drawn(FOUR, top_p=0.75) == {1, 2, 3}


def test_a_token_must_pass_both_cuts():
    assert drawn(FOUR, top_k=2, top_p=0.75) == drawn(FOUR, top_k=3, top_p=0.65) == {1, 3}
    assert drawn(FOUR, top_k=1, top_p=1.0) == drawn(FOUR, top_k=4, top_p=0.4) == {1}


@pytest.mark.parametrize("temperature", [0, 0.0, 1e-30, 1e-46, 5e-324, Fraction(1, 10**60)])
def test_the_coldest_draw_takes_the_likeliest(shapes_unchecked, temperature):
    assert drawn(FOUR, temperature=temperature) == {1}
    assert drawn([-3e38, 3e38, 0.0, 2e38], temperature=temperature) == {1}


@pytest.mark.parametrize("temperature", [1e30, 1.7e308, np.float32(1e30)])
def test_the_hottest_draw_takes_any(shapes_unchecked, temperature):
    assert drawn(FOUR, temperature=temperature) == {0, 1, 2, 3}
    assert drawn([-3e38, 3e38, 0.0, 2e38], temperature=1.7e308) == {0, 1, 2, 3}


def test_a_temperature_of_one_half_squares_the_probabilities():
    sampling = Sampling(temperature=0.5, seed=0)
    draws, logits = sampling.draws(), torch.tensor(FOUR)
    chosen = [sampling.choose(logits, draws(position)) for position in range(4000)]
    counts = np.bincount(chosen, minlength=4)
    squares = np.array([1, 16, 4, 9])
    np.testing.assert_allclose(counts / 4000, squares / squares.sum(), atol=0.03)


@pytest.mark.parametrize("top_p", [1e-9, 1e-30, 1e-46, 5e-324, np.float32(1e-30)])
def test_the_smallest_top_p_keeps_one_token(shapes_unchecked, top_p):
    assert drawn(FOUR, top_p=top_p) == {1}


def test_a_top_p_of_one_keeps_all():
    assert drawn(FOUR, top_p=1) == drawn(FOUR, top_p=1.0) == {0, 1, 2, 3}


@pytest.mark.parametrize("top_k", [4, 5, 10**6, 2**70, np.int64(4)])
def test_more_than_there_are_means_all(shapes_unchecked, top_k):
    assert drawn(FOUR, top_k=top_k) == {0, 1, 2, 3}


def test_a_logit_of_minus_infinity_never_comes():
    assert drawn([-torch.inf, 0.0, -torch.inf, 0.0], temperature=100.0) == {1, 3}
    assert drawn([-torch.inf, 0.0, -torch.inf, -1.0], temperature=0) == {1}


@pytest.mark.parametrize("temperature", [0, 1.0])
@pytest.mark.parametrize("bad", [[0.0, torch.nan], [torch.inf, 0.0], [-torch.inf] * 2], ids=str)
def test_logits_that_are_no_numbers_are_refused(temperature, bad):
    with pytest.raises(ValueError, match="the largest logit must be a finite number, but it is"):
        drawn(bad, temperature=temperature)


def test_a_seed_of_numpy_is_a_seed(shapes_unchecked):
    def draws(seed):
        sampling = Sampling(seed=seed)
        numbers = sampling.draws()
        return [sampling.choose(torch.tensor(FOUR), numbers(position)) for position in range(20)]

    assert draws(np.int64(7)) == draws(np.uint8(7)) == draws(7)
    assert draws(2**64 - 1) == draws(np.uint64(2**64 - 1))
    assert draws(None) != draws(None)


def test_a_stop_string_may_arrive_in_parts():
    stops = StopStrings(["\n\n", "END"])
    assert [stops.push(text) for text in ("a\n", "b E", "N", "X \n", "\nmore")] == [
        "a",
        "\nb ",
        "",
        "ENX ",
        "",
    ]
    assert stops.found and stops.rest() == ""


def in_pieces(text: str, stop, cuts: list[int]) -> str:
    """What is shown of a text that arrives in pieces."""
    stops, shown = StopStrings(stop), ""
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        shown += stops.push(text[start:end])
        if stops.found:
            return shown
    return shown + stops.rest()


@pytest.mark.parametrize(
    ("stop", "shown"),
    [
        (["four", "two"], "one "),
        (["two", "four"], "one "),
        (["one two", "two th"], ""),
        (["two", "two three"], "one "),
        (["two three", "two"], "one "),
        (["ne two thr", "two"], "one "),
        (["two", "ne two"], "o"),
        (["five", "fours"], "one two three four"),
        (["aa", "four"], "one two three "),
    ],
    ids=str,
)
def test_of_several_stop_strings_the_one_complete_first_counts(stop, shown):
    text = "one two three four"
    assert up_to(text, tuple(stop)) == shown
    for cuts in ([], [5], [1, 2, 8], list(range(1, len(text)))):
        assert in_pieces(text, stop, cuts) == shown


@pytest.mark.parametrize("seed", range(100))
def test_where_it_stops_does_not_depend_on_the_pieces(seed):
    random = Random(seed)
    text = "".join(random.choices("ab", k=30))
    stop = ["".join(random.choices("ab", k=random.randint(2, 6))) for _ in range(3)]
    cuts = sorted(random.sample(range(len(text)), k=random.randrange(10)))
    assert in_pieces(text, stop, cuts) == up_to(text, tuple(stop))
