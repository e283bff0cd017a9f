"""What a lab asks while its knobs have some values, stated once as data.

The twin is request_plan.js.  A lesson lists its plans; the server and the files ask by them before
anybody has touched the lab, and the lab itself asks by them afterwards.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from swa_viz.answers.edit_text import edit_in
from swa_viz.answers.hidden import Hiding, hidden_prompt
from swa_viz.answers.request import Request, Writing
from swa_viz.patterns import Causal, Pattern
from swa_viz.patterns.schedule import schedule_of
from swa_viz.patterns.schedule_text import following

Values = Mapping[str, object]

# Where the knob `sink_logit` begins.
NO_SINK_LOGIT = -5


@dataclass(frozen=True)
class RequestPlan:
    """One request of a lab, as far as it is the same for all values of its knobs.

    `kind` is that of the request.  `schedule` is "full" for full attention in every layer,
    "chosen" for what the knobs choose, "first_layers" for only as many layers of that as the knob
    `layers` says, "every_window" for what they choose beside the size of the window, "own" for a
    model that has its own.  Text, stage and token are those of the knobs of that name.
    `for_first_picture` says whether the lab waits for the answer before it shows anything; what it
    does not wait for, it asks afterwards.  What is `on_demand` no page asks by itself and no file
    records: a visitor presses a button for it, or the lab makes its text in the browser.
    With a `hiding` the text is a prompt in which something is hidden; else it is that of the knob
    `text`.  `only_if` names a knob and its value: the lab asks this only while they agree.
    """

    kind: str = "trace"
    schedule: str = "chosen"
    for_first_picture: bool = True
    on_demand: bool = False
    hiding: Hiding | None = None
    text: str = "text"
    only_if: tuple[str, str] | None = None


def chosen(values: Values, n_layers: int) -> tuple[Pattern, ...]:
    """The knobs `schedule`, `window` and `sinks`; without the first, a window in every layer."""
    return schedule_of(
        values.get("schedule", "w" * n_layers), values["window"], values.get("sinks", 0)
    )


SCHEDULES: dict[str, Callable[[Values, int], tuple[Pattern, ...]]] = {
    "full": lambda values, n_layers: (Causal(),) * n_layers,
    "chosen": chosen,
    "own": lambda values, n_layers: (),
    "every_window": lambda values, n_layers: chosen({**values, "window": 1}, n_layers),
    "first_layers": lambda values, n_layers: chosen(values, n_layers)[: values["layers"]],
}


# What else a kind of request takes from the knobs; `token` counts from 1 there, and 0 is none.
def sink_logit_of(values: Values) -> int | None:
    """The knob `sink_logit`, whose least value means that there is none."""
    chosen = values.get("sink_logit", NO_SINK_LOGIT)
    return None if chosen == NO_SINK_LOGIT else chosen


def changing(values: Values) -> tuple[int, ...] | None:
    """The layers whose windows follow the page's W; None for all."""
    layers = following(values.get("schedule", ""))
    return None if layers is None else tuple(layers)


def writing_of(values: Values) -> Writing:
    """The knobs of generation; a `top_k` of 0 leaves no token out, and an empty `stop` is none.

    `steps` is no knob: how many new tokens are wanted by now.
    """
    return Writing(
        n_steps=min(values.get("steps", Writing.n_steps), values["new_tokens"]),
        at_most=values["new_tokens"],
        temperature=values["temperature"],
        top_k=values["top_k"] or None,
        top_p=values["top_p"],
        seed=values["seed"],
        stop=(values["stop"],) if values["stop"] else (),
    )


# A large model sends the numbers of one layer, the one that is looked at.
DETAILS: dict[str, Callable[[Values, dict], dict]] = {
    "trace": lambda values, model: {
        "stage": values.get("stage", "weights"),
        "edit": edit_in(values.get("edit", "")),
        "sink_logit": sink_logit_of(values),
        "layers": None if model["layers_at_once"] else (values.get("layer", 1) - 1,),
    },
    "influence": lambda values, model: {"token": values["token"] - 1 if values["token"] else None},
    "perplexity": lambda values, model: {},
    "windows": lambda values, model: {"layers": changing(values)},
    "first_token": lambda values, model: {},
    "choices": lambda values, model: {},
    "generate": lambda values, model: {"writing": writing_of(values)},
    "prefill": lambda values, model: {"chunk": values["chunk"]},
    # The words, and where those begin that are asked for, are no knobs: a lab makes the text.
    "puzzle": lambda values, model: {"model": values["fix"], "start": values["start"]},
}


def text_of(plan: RequestPlan, values: Values) -> dict:
    """The text that is read; where something is hidden in it, the answers too."""
    return hidden_prompt(plan.hiding, values) if plan.hiding else {"text": values[plan.text]}


def plans_for(plans: Iterable[RequestPlan], values: Values) -> list[RequestPlan]:
    """Those that hold while the knobs have these values."""

    def holds(plan: RequestPlan) -> bool:
        return not plan.only_if or values[plan.only_if[0]] == plan.only_if[1]

    return [plan for plan in plans if holds(plan)]


def requests_for(plans: Iterable[RequestPlan], values: Values, model: dict) -> list[Request]:
    """The requests of a lab whose knobs have these values; `model` is the model's facts."""
    return [
        Request(
            **{"model": model["name"], "kind": plan.kind}
            | {"schedule": SCHEDULES[plan.schedule](values, model["n_layers"])}
            | text_of(plan, values)
            | DETAILS[plan.kind](values, model)
        )
        for plan in plans_for(plans, values)
    ]


def first_requests(plans: Iterable[RequestPlan], values: Values, model: dict) -> list[Request]:
    """Those for which the first picture waits."""
    first = (plan for plan in plans if plan.for_first_picture and not plan.on_demand)
    return requests_for(first, values, model)


def unbidden(plans: Iterable[RequestPlan]) -> tuple[RequestPlan, ...]:
    """Those that a page asks by itself, at once or afterwards."""
    return tuple(plan for plan in plans if not plan.on_demand)


def plan_payload(plan: RequestPlan) -> dict:
    """A plan as plain data."""
    return asdict(plan)
