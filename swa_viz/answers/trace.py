"""Answer with one run of the model, and with how far an edit moved its predictions."""

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Edit, Request
from swa_viz.answers.text_input import apply_edit, prepare_text
from swa_viz.answers.trace_payload import trace_payload
from swa_viz.experiments.influence import compare
from swa_viz.models.language_model import LanguageModel
from swa_viz.shapes import Tensor
from swa_viz.trace import ForwardTrace


def answer_trace(request: Request, model: LanguageModel) -> dict:
    """One run of the model."""
    token_ids, notice = prepare_text(request.text, model)
    new_ids = apply_edit(token_ids, request.edit, model)
    if not new_ids:
        return {"tokens": [], "empty": LIMITS["empty"]}
    how = request.schedule, request.layers, request.sink_logit
    trace = model.run(new_ids, *how)
    payload = trace_payload(trace, request, model.tokenizer.piece)
    payload["notice"] = notice
    if new_ids != token_ids:
        original = model.run(token_ids, *how)
        payload["changes"] = aligned_changes(original, trace, request.edit)
    return payload


def aligned_changes(before: ForwardTrace, after: ForwardTrace, edit: Edit) -> list[float | None]:
    """How far each prediction of the edited text moved, in bits; None at the edit itself.

    What follows the edit is compared with the same words of the original.  Where there are fewer
    tokens than before, they have moved up, which changes nothing but their rounding: that counts
    as not moved.
    """
    position, rest = edit.position, edit.position + edit.n_tokens
    n_later = len(before.token_ids) - rest
    resume = len(after.token_ids) - n_later
    earlier = moved_bits(before.logits[:position], after.logits[:position])
    later = moved_bits(before.logits[rest:], after.logits[resume:])
    return [*earlier, *[None] * (resume - position), *later]


def moved_bits(before: Tensor, after: Tensor) -> list[float]:
    """Per position the move in bits, 0 where it is none or a rounding of float32."""
    bits = compare(before, after).kl_bits.tolist()
    return [moved if moved > LIMITS["rounding_bits"] else 0.0 for moved in bits]
