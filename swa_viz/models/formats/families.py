"""The families of models that Hugging Face folders may hold, as data.

A family says how its blocks are built, what its `config.json` means where it is silent, and under
which names its numbers are stored.  The defaults are those of the classes in transformers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from swa_viz.models.config import BlockStyle

# Our names of the modules, and theirs, below the embedding's own prefix; {} is the layer's number.
LLAMA_NAMES = {
    "embedding": "embed_tokens",
    "norm": "norm",
    "blocks.{}.attention_norm": "layers.{}.input_layernorm",
    "blocks.{}.query": "layers.{}.self_attn.q_proj",
    "blocks.{}.key": "layers.{}.self_attn.k_proj",
    "blocks.{}.value": "layers.{}.self_attn.v_proj",
    "blocks.{}.output": "layers.{}.self_attn.o_proj",
    "blocks.{}.feed_forward_norm": "layers.{}.post_attention_layernorm",
    "blocks.{}.feed_forward.gate": "layers.{}.mlp.gate_proj",
    "blocks.{}.feed_forward.up": "layers.{}.mlp.up_proj",
    "blocks.{}.feed_forward.down": "layers.{}.mlp.down_proj",
}
NORMED_NAMES = LLAMA_NAMES | {
    "blocks.{}.query_norm": "layers.{}.self_attn.q_norm",
    "blocks.{}.key_norm": "layers.{}.self_attn.k_norm",
}
GEMMA_NAMES = {
    "blocks.{}.after_attention_norm": "layers.{}.post_attention_layernorm",
    "blocks.{}.feed_forward_norm": "layers.{}.pre_feedforward_layernorm",
    "blocks.{}.after_feed_forward_norm": "layers.{}.post_feedforward_layernorm",
}
GPT_NEO_NAMES = {
    "embedding": "wte",
    "positions": "wpe",
    "norm": "ln_f",
    "blocks.{}.attention_norm": "h.{}.ln_1",
    "blocks.{}.query": "h.{}.attn.attention.q_proj",
    "blocks.{}.key": "h.{}.attn.attention.k_proj",
    "blocks.{}.value": "h.{}.attn.attention.v_proj",
    "blocks.{}.output": "h.{}.attn.attention.out_proj",
    "blocks.{}.feed_forward_norm": "h.{}.ln_2",
    "blocks.{}.feed_forward.up": "h.{}.mlp.c_fc",
    "blocks.{}.feed_forward.down": "h.{}.mlp.c_proj",
}
GPT_OSS_NAMES = {
    name: theirs for name, theirs in LLAMA_NAMES.items() if ".feed_forward." not in name
} | {"blocks.{}.feed_forward.router": "layers.{}.mlp.router"}
# Numbers that are no weight or bias of a module.
GPT_OSS_LOOSE = {
    "blocks.{}.sink_logit": "layers.{}.self_attn.sinks",
    "blocks.{}.feed_forward.gate_up": "layers.{}.mlp.experts.gate_up_proj",
    "blocks.{}.feed_forward.gate_up_bias": "layers.{}.mlp.experts.gate_up_proj_bias",
    "blocks.{}.feed_forward.down": "layers.{}.mlp.experts.down_proj",
    "blocks.{}.feed_forward.down_bias": "layers.{}.mlp.experts.down_proj_bias",
}


@dataclass(frozen=True)
class Family:
    """One family.

    `defaults` are keys of config.json that may be left out.  `sliding` says which layers slide
    where `layer_types` does not: "all", "none", "last" (from `max_window_layers` on), "even" (the
    first, the third ...), "pattern" (all but every sixth), "no_rope" (those without positions).
    `norm_offset` is what must be added to the weights of norms (Gemma stores them less 1).
    """

    style: BlockStyle
    defaults: Mapping[str, object]
    sliding: str = "none"
    names: Mapping[str, str] = field(default_factory=lambda: LLAMA_NAMES)
    loose: Mapping[str, str] = field(default_factory=dict)
    norm_offset: float = 0.0


# What all of Llama's kin may leave out.
COMMON = {
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "rope_theta": 10_000.0,
    "tie_word_embeddings": False,
    "sliding_window": None,
}
GEMMA = COMMON | {
    "hidden_activation": "gelu_pytorch_tanh",
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "query_pre_attn_scalar": 256,
    "sliding_window": 4096,
    "tie_word_embeddings": True,
}
QWEN = COMMON | {
    "num_key_value_heads": 32,
    "max_position_embeddings": 32_768,
    "use_sliding_window": False,
    "sliding_window": 4096,
    "max_window_layers": 28,
}

FAMILIES: dict[str, Family] = {
    "llama": Family(BlockStyle(), COMMON | {"max_position_embeddings": 2048}),
    "mistral": Family(
        BlockStyle(),
        COMMON
        | {"max_position_embeddings": 131_072, "num_key_value_heads": 8, "sliding_window": 4096},
        sliding="all",
    ),
    "qwen2": Family(BlockStyle(), QWEN, sliding="last"),
    "qwen3": Family(
        BlockStyle(query_key_norm=True),
        QWEN | {"head_dim": 128},
        sliding="last",
        names=NORMED_NAMES,
    ),
    "gemma2": Family(
        BlockStyle(norms_after=True),
        GEMMA
        | {
            "max_position_embeddings": 8192,
            "attn_logit_softcapping": 50.0,
            "final_logit_softcapping": 30.0,
        },
        sliding="even",
        names=LLAMA_NAMES | GEMMA_NAMES,
        norm_offset=1.0,
    ),
    "gemma3_text": Family(
        BlockStyle(norms_after=True, query_key_norm=True),
        GEMMA
        | {
            "vocab_size": 262_208,
            "max_position_embeddings": 131_072,
            "sliding_window_pattern": 6,
            "rope_theta": 1_000_000.0,
            "rope_local_base_freq": 10_000.0,
        },
        sliding="pattern",
        names=NORMED_NAMES | GEMMA_NAMES,
        norm_offset=1.0,
    ),
    "smollm3": Family(
        BlockStyle(),
        COMMON
        | {
            "num_key_value_heads": 4,
            "max_position_embeddings": 32_768,
            "rope_theta": 2_000_000.0,
            "tie_word_embeddings": True,
            "use_sliding_window": False,
            "no_rope_layer_interval": 4,
        },
        sliding="no_rope",
    ),
    "gpt_neo": Family(
        BlockStyle(norm="layer", feed_forward="plain"),
        {
            "vocab_size": 50_257,
            "hidden_size": 2048,
            "num_layers": 24,
            "num_heads": 16,
            "intermediate_size": None,
            "window_size": 256,
            "max_position_embeddings": 2048,
            "activation_function": "gelu_new",
            "layer_norm_epsilon": 1e-5,
            "attention_types": [[["global", "local"], 12]],
            "query_pre_attn_scalar": 1,
            "rope_theta": 10_000.0,  # not used: its positions are learned
            "tie_word_embeddings": True,
        },
        names=GPT_NEO_NAMES,
    ),
    "gpt_oss": Family(
        BlockStyle(feed_forward="experts", sink_logits=True),
        COMMON
        | {
            "num_key_value_heads": 8,
            "head_dim": 64,
            "rms_norm_eps": 1e-5,
            "max_position_embeddings": 131_072,
            "rope_theta": 150_000.0,
            "sliding_window": 128,
            "num_experts_per_tok": 4,
            "swiglu_alpha": 1.702,
            "swiglu_limit": 7.0,
            "rope_scaling": {
                "rope_type": "yarn",
                "factor": 32.0,
                "truncate": False,
                "original_max_position_embeddings": 4096,
            },
        },
        sliding="even",
        names=GPT_OSS_NAMES,
        loose=GPT_OSS_LOOSE,
    ),
}
