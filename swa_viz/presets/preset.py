"""What a real model is to the lab: its layers, its heads and its sources, and no parameters."""

from dataclasses import asdict, dataclass, fields, replace

from swa_viz.patterns import Causal, CentredWindow, Pattern
from swa_viz.patterns.pattern import LARGEST


@dataclass(frozen=True)
class LayerHeads:
    """The heads of one layer, and the numbers in each query or key, and in each value."""

    n_heads: int
    n_kv_heads: int
    head_dim: int
    value_dim: int


@dataclass(frozen=True)
class ModelPreset:
    """A model as plain data: one pattern a layer, its heads, and where all this is written.

    No window is `Causal()`.  `layer_heads` holds the heads of every layer where layers differ, or
    where values are narrower than keys; it is empty where all layers are alike.  The heads are None
    for an example that is no model.  Layers are counted from 0 in

    - `shared_kv_layers`: they read the keys and values of an earlier layer, and store none;
    - `key_is_value_layers`: their values are made from the keys' projection.  A cache keeps both
      all the same, because keys are normalised and turned by their position and values are not;
    - `nope_layers`: they have no positional encoding.

    `stated_window` is the number in the model's file and the convention in which its own code reads
    it, where that is not simply W.  `sink_logits` says whether heads have a learned number that
    joins the softmax, `says` is a figure or a claim that is commonly quoted, `year` when the
    parameters were published, and `url` the page of the source, if it is a page.
    """

    label: str
    layer_schedule: tuple[Pattern, ...]
    n_heads: int | None
    n_kv_heads: int | None
    head_dim: int | None
    context_length: int | None
    source: str
    url: str = ""
    notes: tuple[str, ...] = ()
    says: str = ""
    year: int | None = None
    layer_heads: tuple[LayerHeads, ...] = ()
    shared_kv_layers: tuple[int, ...] = ()
    key_is_value_layers: tuple[int, ...] = ()
    nope_layers: tuple[int, ...] = ()
    sink_logits: bool = False
    stated_window: tuple[int, str] | None = None

    def __post_init__(self):
        if self.layer_heads and len(self.layer_heads) != self.n_layers:
            raise ValueError(
                f"layer_heads must name the heads of all {self.n_layers} layers, or be empty: "
                f"it names {len(self.layer_heads)}"
            )

    @property
    def n_layers(self) -> int:
        """How many layers are stacked."""
        return len(self.layer_schedule)

    @property
    def heads(self) -> tuple[LayerHeads, ...]:
        """The heads of every layer.

        Raises ValueError for an example that has none.
        """
        if self.layer_heads:
            return self.layer_heads
        if self.n_heads is None or self.n_kv_heads is None or self.head_dim is None:
            raise ValueError(f"{self.label} says nothing about heads")
        alike = LayerHeads(self.n_heads, self.n_kv_heads, self.head_dim, self.head_dim)
        return (alike,) * self.n_layers

    def without_windows(self) -> "ModelPreset":
        """The same model with full attention in every layer: what windows are compared with.

        In an encoder every token then reads all others, on both sides.
        """
        is_decoder = all(pattern.causal for pattern in self.layer_schedule)
        full = Causal() if is_decoder else CentredWindow(LARGEST)
        return replace(self, layer_schedule=(full,) * self.n_layers)

    def to_plain(self) -> dict:
        """The preset as plain data, for the browser: fields, patterns and heads by their names."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        lists = {name: list(v) if isinstance(v, tuple) else v for name, v in plain.items()}
        schedule = [pattern.to_plain() for pattern in self.layer_schedule]
        heads = [asdict(layer) for layer in self.layer_heads]
        return {**lists, "layer_schedule": schedule, "layer_heads": heads}
