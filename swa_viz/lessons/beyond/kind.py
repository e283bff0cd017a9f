"""What a kind of sequence brings to this page: `x_kind.py` says it, and `x_kind.js` draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from swa_viz.answers.request_plan import RequestPlan
from swa_viz.web.knobs import Knob


@dataclass(frozen=True)
class Kind:
    """One kind of sequence.

    `label` stands on the switch, and `paragraph` and `sources` below the lab.  `knobs` are its own,
    by names that no other kind uses.  `requests` are asked only while it is shown: each names it
    with `only_if=("sequence", name)`.  `stored` is plain data, which its module finds in
    `lab.data.extra.stored` under the kind's name.  `later` is more of it, by names that no
    other kind uses, for what most visitors never need.  `code` is shown as the page's real code.
    """

    label: str
    paragraph: str
    knobs: Mapping[str, Knob] = field(default_factory=dict)
    requests: tuple[RequestPlan, ...] = ()
    stored: Mapping[str, object] = field(default_factory=dict)
    later: Mapping[str, object] = field(default_factory=dict)
    code: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
