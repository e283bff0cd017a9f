"""One model serves several visitors at once, and each gets the answer that they would get alone."""

from concurrent.futures import ThreadPoolExecutor

import torch

from swa_viz.experiments import measured_influence
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SlidingWindow

N_THREADS = 4


def test_answers_do_not_mix():
    model = load_model("tiny-swa")
    schedules = [(SlidingWindow(w),) * 6 for w in (2, 5, 40)] + [(Causal(),) * 6]

    def answer(number: int):
        schedule, text = schedules[number % 4], f"Chapter {number}: the ship and the old man"
        token_ids = model.encode(text)
        written = list(model.generate(text, 4, schedule, seed=number))
        influence = measured_influence(model, token_ids, schedule)
        return written, influence, model.run(token_ids, schedule).logits

    numbers = range(3 * N_THREADS)
    alone = [answer(number) for number in numbers]
    with ThreadPoolExecutor(N_THREADS) as threads:
        together = list(threads.map(answer, numbers))
    for (written, *tensors), (expected, *others) in zip(together, alone, strict=True):
        assert written == expected
        for found, tensor in zip(tensors, others, strict=True):
            torch.testing.assert_close(found, tensor, atol=1e-5, rtol=1e-5)
