"""Turn a GGUF file into a folder as Hugging Face's transformers writes it, in float32.

GGUF is the format of llama.cpp.  It keeps numbers in a few bits each; what they stand for is exact
in float32, so the folder holds the same model.  The library `gguf` reads the format.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import tokenizers
import torch
from einops import rearrange
from gguf.quants import dequantize
from safetensors.torch import save_file
from tokenizers import decoders, models, pre_tokenizers

# llama.cpp's names of the tensors, and transformers'.
NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
SIZES = {
    "block_count": "num_hidden_layers",
    "context_length": "max_position_embeddings",
    "embedding_length": "hidden_size",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.layer_norm_rms_epsilon": "rms_norm_eps",
    "rope.freq_base": "rope_theta",
    "vocab_size": "vocab_size",
}
ARCHITECTURE, CONTROL = "llama", 3


class Header:
    """What a GGUF file says of its model.

    Raises ValueError for a file that is no GGUF, and for another architecture than Llama's.
    """

    def __init__(self, reader: gguf.GGUFReader):
        self.reader = reader
        found = self.get("general.architecture")
        if found != ARCHITECTURE:
            raise ValueError(
                f"a GGUF file of the architecture {found!r} cannot be read; {ARCHITECTURE} can"
            )

    def get(self, key: str) -> object:
        """The value of a key.  Raises ValueError if the file does not have it."""
        field = self.reader.get_field(key)
        if field is None:
            raise ValueError(f"the GGUF file does not say {key}")
        return field.contents()

    def config(self) -> dict:
        """The model's `config.json`."""
        sizes = {theirs: self.get(f"{ARCHITECTURE}.{ours}") for ours, theirs in SIZES.items()}
        untied = any(tensor.name == "output.weight" for tensor in self.reader.tensors)
        return {
            "model_type": ARCHITECTURE,
            "architectures": ["LlamaForCausalLM"],
            **sizes,
            "hidden_act": "silu",
            "tie_word_embeddings": not untied,
            "bos_token_id": self.get("tokenizer.ggml.bos_token_id"),
            "eos_token_id": self.get("tokenizer.ggml.eos_token_id"),
        }

    def vocabulary(self) -> tokenizers.Tokenizer:
        """The byte-level vocabulary, whose digits are tokens of their own.

        Raises ValueError for one of another kind.
        """
        kind = self.get("tokenizer.ggml.model"), self.get("tokenizer.ggml.pre")
        if kind != ("gpt2", "smollm"):
            raise ValueError(
                f"a GGUF vocabulary of the kind {' / '.join(kind)} cannot be read here"
            )
        tokens = self.get("tokenizer.ggml.tokens")
        merges = [tuple(merge.split(" ")) for merge in self.get("tokenizer.ggml.merges")]
        made = tokenizers.Tokenizer(
            models.BPE({token: i for i, token in enumerate(tokens)}, merges)
        )
        made.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(False)]
        )
        made.decoder = decoders.ByteLevel()
        kinds = zip(tokens, self.get("tokenizer.ggml.token_type"), strict=True)
        made.add_special_tokens([token for token, kind in kinds if kind == CONTROL])
        return made

    def tensors(self) -> Iterator[tuple[str, torch.Tensor]]:
        """Each tensor under transformers' name, in float32."""
        heads = {
            "attn_q": self.get(f"{ARCHITECTURE}.attention.head_count"),
            "attn_k": self.get(f"{ARCHITECTURE}.attention.head_count_kv"),
        }
        for tensor in self.reader.tensors:
            numbers = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            layer, name = layer_and_name(tensor.name)
            if name in heads:
                numbers = unpermuted(numbers, heads[name])
            prefix = "" if layer is None else f"model.layers.{layer}."
            yield f"{prefix}{NAMES[name]}.weight", torch.from_numpy(np.ascontiguousarray(numbers))


def layer_and_name(name: str) -> tuple[int | None, str]:
    """A tensor's layer, None outside them, and its name there.

    >>> layer_and_name("blk.3.attn_q.weight"), layer_and_name("output_norm.weight")
    ((3, 'attn_q'), (None, 'output_norm'))

    Raises ValueError for a name that Llama's files do not have.
    """
    parts = name.split(".")
    layer, known = (int(parts[1]), parts[2]) if parts[0] == "blk" else (None, parts[0])
    if known not in NAMES or parts[-1] != "weight":
        raise ValueError(f"the GGUF file holds {name}, of which nothing is known here")
    return layer, known


def unpermuted(rows: np.ndarray, n_heads: int) -> np.ndarray:
    """Rows of a query or key matrix in transformers' order, where i turns with i + head_dim / 2.

    llama.cpp turns neighbours together, so its rows of a head alternate between the two halves.
    """
    return rearrange(rows, "(heads half two) d -> (heads two half) d", heads=n_heads, two=2)


def convert(file: Path, folder: Path) -> None:
    """Write config.json, tokenizer.json and model.safetensors of a GGUF file into a folder.

    Raises ValueError for a file that cannot be read here.
    """
    try:
        reader = gguf.GGUFReader(file)
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(f"{file.name} is no whole GGUF file: {error}") from error
    header = Header(reader)
    (folder / "config.json").write_text(json.dumps(header.config(), indent=2) + "\n", "utf-8")
    header.vocabulary().save(str(folder / "tokenizer.json"))
    numbers = folder / "model.safetensors"
    save_file(dict(header.tensors()), numbers)
    numbers.chmod(0o644)  # the library makes it its owner's alone
