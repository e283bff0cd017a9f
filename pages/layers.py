"""How far does information travel through a stack of windows?"""

from swa_viz.experiments import measured_influence
from swa_viz.presets import PRESETS
from swa_viz.reach import diluted_influence, reachable
from swa_viz.schedule import schedule_of
from swa_viz.settings import KNOBS
from swa_viz.ui.frame import page_header, show_code, sources, words
from swa_viz.ui.lab import model_facts, mount_lab
from swa_viz.viewer.payload import pattern_payload

page_header(
    "How far does information travel?",
    "One layer looks W tokens back. Stack layers and the view widens by W − 1 each time: "
    "a ceiling, not a promise.",
)


def first_requests(values: dict) -> list[dict]:
    """The influence on the token that the link names, or on the last one."""
    schedule = schedule_of(values["schedule"], values["window"], values["sinks"])
    return [
        {
            "kind": "influence",
            "text": values["text"],
            "schedule": [pattern_payload(pattern) for pattern in schedule[: values["layers"]]],
            "token": values["token"] - 1 if values["token"] else None,
        }
    ]


presets = {
    name: {
        "window": PRESETS[name].layer_schedule[0].window_size,
        "layers": PRESETS[name].n_layers,
        "source": f"{PRESETS[name].label}: {PRESETS[name].source}. Commonly quoted as "
        f"{PRESETS[name].says}.",
    }
    for name in KNOBS["layers"]["preset"].choices
    if name in PRESETS
}

mount_lab("layers", model_facts(), first_requests, presets=presets)
words(
    "A token in layer 1 has read its window. A token in layer 2 reads tokens that have each read "
    "theirs, and so on down: like the growing **receptive field** of a convolutional network. "
    "Every layer adds W − 1 tokens and not W, because its window starts on the token itself.",
    "“Stacked windows see W × L tokens” is therefore an upper bound, and only on *which* tokens "
    "can matter. How much they matter falls off far sooner: each layer keeps much of the token "
    "itself and blends the rest, and only one way in very many leads to the far edge.",
    formula=r"\mathrm{reach} = 1 + \sum_{l=1}^{L} (W_l - 1) = L\,(W-1)+1"
    "\n"
    r"\mathrm{influence} \approx \left(a I + (1-a)\, U_W\right)^{L},\quad a = \tfrac{1}{2}",
)
show_code(reachable, diluted_influence, measured_influence)
sources(
    "Reach of stacked windows: Mistral 7B, arXiv 2310.06825, section 2; Longformer, "
    "arXiv 2004.05150, section 3.1",
    "Effective receptive fields fade towards their edge: Luo et al. 2016, arXiv 1701.04128",
)
