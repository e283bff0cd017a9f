"""Spoken digits: the features, what windows let a frame depend on, and the stored numbers."""

import numpy as np
import pytest
import torch

from swa_viz.experiments.sound import (
    KINDS,
    N_BANDS,
    RADII,
    RATE,
    FrameModel,
    band_edges,
    frame_config,
    load_frame_model,
    loudness,
    schedule_of,
    shares_right,
    shown_clips,
    waits_ms,
)
from swa_viz.experiments.stored_sound import names_given, stored_sound, written
from training.sound import Clips, train

STORED = stored_sound()
# Where two names are almost as likely, another machine may prefer the other one.
ALMOST_ALL = 0.98


def same(names: str, others: str) -> float:
    """The share of frames in which two rows of names agree."""
    return np.mean([a == b for a, b in zip(names, others, strict=True)])


@pytest.mark.parametrize("band", [5, 20, 35])
def test_a_tone_is_loudest_in_the_band_that_peaks_there(band):
    peak = band_edges()[band + 1]
    tone = 0.5 * np.sin(2 * np.pi * peak * np.arange(RATE // 4) / RATE)
    assert loudness(tone)[10].argmax() == band


def test_half_the_amplitude_is_six_decibels_less():
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE)
    assert (loudness(noise) - loudness(noise / 2)).mean() == pytest.approx(6.02, abs=0.05)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("radius", [0, 2, 4])
def test_only_frames_within_reach_change_what_is_named(kind, radius):
    torch.manual_seed(0)
    model, schedule = FrameModel(frame_config()).eval(), schedule_of(kind, radius)
    frames = torch.randint(-100, 0, (1, 60, N_BANDS))
    louder = frames.clone()
    louder[0, 30] += 25
    with torch.inference_mode():
        changed = (model(frames, schedule) != model(louder, schedule)).any(-1)[0]
    ahead = waits_ms(schedule, 60) // 10
    back = 2 * len(schedule) * radius - ahead
    assert changed.nonzero().flatten().tolist() == list(range(30 - ahead, 30 + back + 1))


def test_a_window_around_waits_for_its_half_in_every_layer():
    for radius, behind, around in zip(RADII, *STORED["waits_ms"].values(), strict=True):
        assert behind == 0
        assert around == 10 * radius * frame_config().n_layers


@pytest.mark.parametrize("kind", KINDS)
def test_stored_names_are_those_of_the_bundled_model(kind):
    model = load_frame_model(kind)
    for clip, named in STORED["named"].items():
        for stored, again in zip(named[kind], names_given(model, kind, clip), strict=True):
            assert same(stored, again) >= ALMOST_ALL


def test_what_was_measured_is_whole_and_both_windows_of_one_frame_are_alike():
    for kind in KINDS:
        seeds = STORED["right"][kind]
        assert len(seeds) == STORED["how"]["seeds"]
        assert all(len(each) == len(RADII) and each[-1] > each[0] + 0.2 for each in seeds)
    behind, around = (np.mean(STORED["right"][kind], axis=0) for kind in KINDS)
    assert behind[0] == pytest.approx(around[0], abs=0.02)
    assert around[-1] > behind[-1]


def test_what_is_shown_is_what_the_models_read():
    for name, clip in STORED["clips"].items():
        frames, labels = shown_clips()[name]
        assert clip["labels"] == written(labels)
        assert len(clip["labels"]) == len(frames)


def test_a_model_that_looks_ahead_learns_what_comes_and_one_that_looks_back_cannot():
    """The label of a frame is what is heard in the next one: 70 steps show who can know it."""
    random = torch.Generator().manual_seed(1)
    heard = torch.randint(0, 4, (16, 60), generator=random)
    frames = torch.full((16, 60, N_BANDS), -80)
    frames[..., :4] += 60 * torch.nn.functional.one_hot(heard, 4)
    clips = Clips(frames, heard.roll(-1, dims=1))
    right = {}
    for kind in KINDS:
        model = train(clips, kind, seed=0, n_steps=70)
        shown = clips.frames[:, :50], clips.labels[:, :50]
        right[kind] = shares_right(model, schedule_of(kind, 4), *shown)
    assert right["around"] > 0.9
    assert right["behind"] < 0.5
