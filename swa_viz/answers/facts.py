"""What a lab must know of a model before it asks anything: plain data, which bound its knobs."""

from collections.abc import Callable, Sequence

from swa_viz.browser_model.files import SMALL_MODELS
from swa_viz.experiments.fixes import FIXES, config_of
from swa_viz.models.config import TransformerConfig
from swa_viz.models.language_model import LanguageModel
from swa_viz.patterns import Causal, Pattern
from swa_viz.patterns.schedule import stacks

# With more heads than this in all layers an answer holds those of one layer only: megabytes else.
HEADS_AT_ONCE = 64


def how_trained(name: str, native: Sequence[Pattern]) -> str:
    """How a model was trained, and which way of reading is then unusual for it, in one sentence.

    >>> from swa_viz.patterns import SlidingWindow
    >>> how_trained("gemma", [SlidingWindow(512)] * 5 + [Causal()])
    'gemma was trained with windows of 512 in 5 of 6 layers: any other order is unusual for it.'
    """
    windows = [pattern for pattern in native if pattern != Causal()]
    if not windows:
        return f"{name} was trained in full, so a window is the unusual condition for it."
    sizes = " and ".join(str(size) for size in sorted({p.window_size for p in windows}))
    if len(windows) == len(native):
        trained = f"{name} was trained in windows of {sizes}"
        return f"{trained}, so full attention is the unusual condition for it."
    where = f"in {len(windows)} of {len(native)} layers"
    return f"{name} was trained with windows of {sizes} {where}: any other order is unusual for it."


def facts_of(name: str, load: Callable[[str], LanguageModel]) -> dict:
    """The facts of a lesson's model; `load` loads a language model by its name.

    The model "fixes" stands for all small ones, which have the same sizes but for their depth.
    """
    if name != SMALL_MODELS:
        return model_payload(load(name))
    config, trained = config_of(FIXES["window"]), "Each was trained with its own schedule."
    return config_payload(name, config) | {"trained": trained}


def model_payload(model: LanguageModel) -> dict:
    """The model's name and sizes, and how it was trained."""
    trained = how_trained(model.name, model.native_schedule)
    return config_payload(model.name, model.config) | {"trained": trained}


def config_payload(name: str, config: TransformerConfig) -> dict:
    """The name and sizes of a model.

    `trained_window` is None for a model that was trained with full attention; `trained_len` is the
    longest text that it saw, in tokens; `stacks` are schedules for its layers, by their names.
    """
    return {
        "name": name,
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "n_kv_heads": config.n_kv_heads,
        "layers_at_once": config.n_layers * config.n_heads <= HEADS_AT_ONCE,
        "has_sink_logits": config.style.sink_logits,
        "head_dim": config.head_dim,
        "vocab_size": config.vocab_size,
        "trained_len": config.trained_len,
        "trained_window": config.window_size,
        "stacks": stacks(config.n_layers),
    }
