"""Where a preset's numbers are written: a page that everybody can open."""

HUGGING_FACE = "https://huggingface.co"
TRANSFORMERS = "https://github.com/huggingface/transformers/blob/main/src/transformers/models"


def config_of(repository: str) -> dict[str, str]:
    """The config.json that lies beside a model's parameters."""
    return {
        "source": f"config.json of {repository}",
        "url": f"{HUGGING_FACE}/{repository}/blob/main/config.json",
    }


def class_of(module: str, name: str) -> dict[str, str]:
    """The class of transformers whose defaults are the model's own numbers."""
    return {
        "source": f"transformers, the defaults of {name}",
        "url": f"{TRANSFORMERS}/{module}/configuration_{module}.py",
    }
