"""What a lab must know of a model before it asks anything: plain data, which bound its knobs."""

from swa_viz.models.language_model import LanguageModel
from swa_viz.patterns.schedule import stacks


def model_payload(model: LanguageModel) -> dict:
    """The model's name and sizes, and how it was trained.

    `trained_window` is None for a model that was trained with full attention; `trained_len` is the
    longest text that it saw, in tokens; `stacks` are schedules for its layers, by their names;
    `trained` says both ways of reading in a sentence.
    """
    config = model.config
    window_size = config.window_size
    trained = f"was trained in windows of {window_size}" if window_size else "was trained in full"
    unusual = "full attention" if window_size else "a window"
    return {
        "name": model.name,
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "head_dim": config.head_dim,
        "vocab_size": config.vocab_size,
        "trained_len": config.trained_len,
        "trained_window": window_size,
        "stacks": stacks(config.n_layers),
        "trained": f"{model.name} {trained}, so {unusual} is the unusual condition for it.",
    }
