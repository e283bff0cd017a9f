"""Real and textbook models as data, each with its source."""

from dataclasses import dataclass

from swa_viz.patterns import Causal, Pattern, SlidingWindow


@dataclass(frozen=True)
class Preset:
    """The layers of a model: one pattern each, and the heads where they are known.

    `says` is the rule of thumb or the claim that is commonly quoted; `url` is the page of the
    source, if it is a page.
    """

    label: str
    layer_schedule: tuple[Pattern, ...]
    source: str
    says: str = ""
    url: str = ""
    n_heads: int | None = None
    n_kv_heads: int | None = None
    head_dim: int | None = None

    @property
    def n_layers(self) -> int:
        """How many layers are stacked."""
        return len(self.layer_schedule)


PRESETS: dict[str, Preset] = {
    "mistral-7b-v0.1": Preset(
        label="Mistral 7B v0.1, 32 × 4,096",
        layer_schedule=(SlidingWindow(4096),) * 32,
        source="arXiv 2310.06825, section 2 and table 1",
        says="about 131K tokens",
        url="https://arxiv.org/abs/2310.06825",
        n_heads=32,
        n_kv_heads=8,
        head_dim=128,
    ),
    "gemma-3-1b": Preset(
        label="Gemma 3 1B",
        layer_schedule=(*(*(SlidingWindow(512),) * 5, Causal()) * 4, *(SlidingWindow(512),) * 2),
        source="Gemma's own code, _gemma.py",
        url="https://github.com/google-deepmind/gemma/blob/main/gemma/gm/nn/_gemma.py",
        n_heads=4,
        n_kv_heads=1,
        head_dim=256,
    ),
    "gpt-oss-20b": Preset(
        label="gpt-oss-20b",
        layer_schedule=(SlidingWindow(128), Causal()) * 12,
        source="config.json of gpt-oss-20b",
        url="https://huggingface.co/openai/gpt-oss-20b/blob/main/config.json",
        n_heads=64,
        n_kv_heads=8,
        head_dim=64,
    ),
    "32x256": Preset(
        label="Textbook example, 32 × 256",
        layer_schedule=(SlidingWindow(256),) * 32,
        source="a common example in introductions to sliding windows, not a published model",
        says="8,192 tokens",
    ),
}
