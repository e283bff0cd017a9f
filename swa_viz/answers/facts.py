"""What a lab must know of a model before it asks anything."""

from swa_viz.models.language_model import LanguageModel


def model_payload(model: LanguageModel) -> dict:
    """What a lab must know of the model: its sizes, and which way it was trained."""
    window_size = model.config.window_size
    trained = f"was trained in windows of {window_size}" if window_size else "was trained in full"
    unusual = "full attention" if window_size else "a window"
    return {
        "name": model.name,
        "n_layers": model.n_layers,
        "n_heads": model.n_heads,
        "trained": f"{model.name} {trained}, so {unusual} is the unusual condition for it.",
    }
