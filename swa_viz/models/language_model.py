"""A language model: a transformer with its vocabulary.

`run` and `trace` return every step of attention on one text, `logits` only the result and faster.
`generate` writes new text and remembers what it has read in a rolling cache.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
import torch

from swa_viz.models.cache import RollingCache
from swa_viz.models.config import TransformerConfig
from swa_viz.models.sampling import Sampling, StopStrings
from swa_viz.models.tokenizer import Tokenizer, check_token_id
from swa_viz.models.transformer import Schedule, Transformer
from swa_viz.models.writing import Writer
from swa_viz.patterns import Pattern, whole_number
from swa_viz.shapes import Float, Int, Tensor
from swa_viz.trace import CacheStep, ForwardTrace

TokenIds = Sequence[int] | Int[Tensor, " seq_len"]
PREFILL_CHUNK = 256


class LanguageModel:
    """It reads token ids or text.  A `layer_schedule` of None is the one of its training.

    `end_ids` are the tokens with which it ends what it writes.
    """

    def __init__(
        self,
        name: str,
        transformer: Transformer,
        tokenizer: Tokenizer,
        end_ids: Collection[int] = (),
    ):
        self.name = name
        self.end_ids = frozenset(end_ids)
        self.transformer = transformer.eval().requires_grad_(False)
        self.tokenizer = tokenizer

    @property
    def config(self) -> TransformerConfig:
        """The sizes of the transformer."""
        return self.transformer.config

    @property
    def n_layers(self) -> int:
        """How many layers are stacked."""
        return self.config.n_layers

    @property
    def n_heads(self) -> int:
        """Query heads per layer."""
        return self.config.n_heads

    @property
    def native_schedule(self) -> tuple[Pattern, ...]:
        """The pattern of each layer in training."""
        return self.transformer.native_schedule

    @property
    def device(self) -> torch.device:
        """Where the weights are, and every tensor that the model returns."""
        return self.transformer.embedding.weight.device

    def encode(self, text: str) -> list[int]:
        """The token ids of a text.

        Raises ValueError for a text without tokens: the model predicts from what it has read.
        """
        token_ids = self.tokenizer.encode(text)
        if not token_ids:
            raise ValueError("the text is empty: the model needs at least one token to look at")
        return token_ids

    def check_tokens(self, token_ids: TokenIds) -> Int[Tensor, " seq_len"]:
        """Token ids as a tensor on the model's device.

        Raises ValueError if there are none, or one is not a whole number of the vocabulary.
        """
        ids = token_ids.tolist() if isinstance(token_ids, Tensor | np.ndarray) else token_ids
        if not isinstance(ids, Sequence):
            raise ValueError(f"token_ids must be a list of token ids, but it is {token_ids!r}")
        if not ids:
            raise ValueError("there are no token ids: at least one token is needed")
        checked = [check_token_id(token_id, self.config.vocab_size) for token_id in ids]
        return torch.tensor(checked, dtype=torch.long, device=self.device)

    def check_layers(self, layers: Iterable[int]) -> None:
        """Raise ValueError for a layer that is not there."""
        for layer in layers:
            if not 0 <= layer < self.n_layers:
                raise ValueError(f"layers count from 0 to {self.n_layers - 1}, but one is {layer}")

    def sinks(self, sink_logit: float | int | None) -> Float[Tensor, " n_heads"] | None:
        """One sink logit for every head; None for what each layer has learned, or has not."""
        if sink_logit is None:
            return None
        return torch.full((self.n_heads,), float(sink_logit), device=self.device)

    @torch.inference_mode()
    def run(
        self,
        token_ids: TokenIds,
        layer_schedule: Schedule | None = None,
        layers: Collection[int] | None = None,
        sink_logit: float | int | None = None,
    ) -> ForwardTrace:
        """Every step of attention on these tokens, and the logits, computed by the reference.

        With `layers`, which count from 0, only those return their steps: the steps of a large model
        on a long text need gigabytes.  A `sink_logit` joins the softmax of every head in every
        layer, in place of the one that it has learned, if any.

        Raises ValueError for bad tokens, a layer that is not there or a schedule without one
        pattern per layer.
        """
        tokens, sinks = self.check_tokens(token_ids), self.sinks(sink_logit)
        self.check_layers(layers or ())
        traced, logits = self.transformer.trace_layers(tokens, layer_schedule, layers, sinks)
        pieces = self.tokenizer.pieces(tokens.tolist())
        return ForwardTrace(token_ids=tokens, tokens=pieces, layers=traced, logits=logits)

    def trace(
        self,
        text: str,
        layer_schedule: Schedule | None = None,
        layers: Collection[int] | None = None,
    ) -> ForwardTrace:
        """`run` on a text.  Raises ValueError also for a text without tokens."""
        return self.run(self.encode(text), layer_schedule, layers)

    @torch.inference_mode()
    def logits(
        self,
        token_ids: TokenIds,
        layer_schedule: Schedule | None = None,
        kernel: str = "auto",
        n_last: int | None = None,
    ) -> Float[Tensor, "n_asked vocab_size"]:
        """The logits at every position, or at the last `n_last`, by a fast kernel, without steps.

        Raises ValueError for bad tokens, a bad schedule, an unknown kernel or an `n_last` that is
        no whole number from 1 on, NotImplementedError where the named kernel cannot do a pattern.
        """
        tokens = self.check_tokens(token_ids)
        asked = None if n_last is None else whole_number(n_last, "n_last", at_least=1)
        return self.transformer(tokens[None], layer_schedule, kernel, asked)[0]

    def new_cache(self, layer_schedule: Schedule | None = None) -> RollingCache:
        """An empty cache for this model.

        Raises ValueError for a bad schedule, or a pattern that looks ahead.
        """
        schedule = self.transformer.check_schedule(layer_schedule)
        return RollingCache(self.transformer, schedule)

    @torch.inference_mode()
    def extend(self, token_ids: TokenIds, cache: RollingCache) -> Float[Tensor, "n_new vocab_size"]:
        """Read more tokens after those in the cache: one when decoding, a chunk in prefill.

        Returns the logits at the new tokens, the same as if the whole text were read at once.

        Raises ValueError for bad tokens or the cache of another model.
        """
        return self.transformer.unembed(self.read_on(self.check_tokens(token_ids), cache))

    def read_on(
        self, tokens: Int[Tensor, " n_new"], cache: RollingCache
    ) -> Float[Tensor, "n_new d_model"]:
        """The residual stream after the last layer, at tokens that are read after the cached ones.

        Raises ValueError for the cache of another model.
        """
        if cache.transformer is not self.transformer:
            raise ValueError("this cache belongs to another model: take one from new_cache()")
        start, stop = cache.length, cache.length + len(tokens)
        positions = torch.arange(start, stop, device=self.device)
        attends = [
            partial(layer.attend, positions=positions, **block.softmax_terms)
            for layer, block in zip(cache.layers, self.transformer.blocks, strict=True)
        ]
        embedded = self.transformer.embed(tokens, start)
        states = self.transformer.residual_states(embedded, attends, start)
        cache.length = stop
        return states[-1]

    @torch.inference_mode()
    def prefill(self, token_ids: TokenIds, cache: RollingCache) -> Float[Tensor, " vocab_size"]:
        """Read a prompt of any length in chunks; returns the logits after its last token.

        Raises ValueError as `extend` does, before anything was read.
        """
        for chunk in self.check_tokens(token_ids).split(PREFILL_CHUNK):
            states = self.read_on(chunk, cache)
        return self.transformer.unembed(states[-1:])[0]

    def generate(
        self,
        prompt: str,
        max_new_tokens: int,
        layer_schedule: Schedule | None = None,
        temperature: float | int = 1.0,
        top_k: int | None = None,
        top_p: float | int | None = None,
        seed: int | None = None,
        stop: str | Iterable[str] = (),
    ) -> Iterator[CacheStep]:
        """Continue the prompt: one `CacheStep` per new token, as soon as it is chosen.

        Joined, the `text` of the steps is what was written: up to a stop string, if one appears.
        A step's text is empty while a character is unfinished or a stop string may have begun; a
        character that the last token leaves unfinished is shown as U+FFFD.  A token of `end_ids`
        is the last one.

        Raises ValueError at once for an empty prompt or settings that mean nothing.
        """
        sampling = Sampling(temperature, top_k, top_p, seed)
        writer = self.writer(self.encode(prompt), max_new_tokens, layer_schedule, sampling, stop)
        return writer.steps(self.prefill)

    def writer(
        self,
        token_ids: list[int],
        max_new_tokens: int,
        layer_schedule: Schedule | None,
        sampling: Sampling,
        stop: str | Iterable[str],
    ) -> Writer:
        """What continues these tokens, step by step, when it is handed `prefill`.

        Raises ValueError for settings that mean nothing.
        """
        stops, most = StopStrings(stop), whole_number(max_new_tokens, "max_new_tokens", at_least=0)
        cache = self.new_cache(layer_schedule)
        return Writer(token_ids, cache, most, sampling, stops, self.tokenizer, self.end_ids)
