"""Answer with one run of the model, and with how far an edit moved its predictions."""

from swa_viz.answers.limits import TEXT_LIMITS
from swa_viz.answers.reading import edited, read_text
from swa_viz.answers.trace_payload import trace_payload
from swa_viz.experiments.influence import compare
from swa_viz.models.language_model import LanguageModel
from swa_viz.patterns import read_pattern
from swa_viz.shapes import Tensor
from swa_viz.trace import ForwardTrace

ROUNDING_BITS = 1e-9


def answer_trace(request: dict, model: LanguageModel) -> dict:
    """One run of the model: {"kind": "trace", "text", "edit", "schedule", "stage"}."""
    token_ids, notice = read_text(request["text"], model)
    new_ids = edited(token_ids, request.get("edit"), model)
    if not new_ids:
        return {"tokens": [], "empty": TEXT_LIMITS["empty"]}
    schedule = tuple(read_pattern(pattern) for pattern in request["schedule"])
    trace = model.run(new_ids, schedule)
    payload = trace_payload(
        trace, request["stage"], lambda token: model.tokenizer.pieces([token])[0]
    )
    payload["notice"] = notice
    if new_ids != token_ids:
        original = model.run(token_ids, schedule)
        payload["changes"] = aligned_changes(original, trace, int(request["edit"]["position"]))
    return payload


def aligned_changes(before: ForwardTrace, after: ForwardTrace, position: int) -> list[float | None]:
    """How far each prediction of the edited text moved, in bits; None at the edit itself.

    What follows the edit is compared with the same words of the original.  A dropped token shifts
    them by one, which changes nothing but their rounding: that counts as not moved.
    """
    n_later = len(before.token_ids) - position - 1
    resume = len(after.token_ids) - n_later
    earlier = moved_bits(before.logits[:position], after.logits[:position])
    later = moved_bits(before.logits[position + 1 :], after.logits[resume:])
    return [*earlier, *[None] * (resume - position), *later]


def moved_bits(before: Tensor, after: Tensor) -> list[float]:
    """Per position the move in bits, 0 where it is none or a rounding of float32."""
    bits = compare(before, after).kl_bits.tolist()
    return [moved if moved > ROUNDING_BITS else 0.0 for moved in bits]
