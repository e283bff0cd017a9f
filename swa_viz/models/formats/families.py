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

    `defaults` are keys of config.json that may be left out; what they say of windows, heads and
    context stands in `presets/config_families.json`.  `norm_offset` is what must be added to the
    weights of norms (Gemma stores them less 1).
    """

    style: BlockStyle
    defaults: Mapping[str, object]
    names: Mapping[str, str] = field(default_factory=lambda: LLAMA_NAMES)
    loose: Mapping[str, str] = field(default_factory=dict)
    norm_offset: float = 0.0


# What all of Llama's kin may leave out.
COMMON = {
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "rope_theta": 10_000.0,
    "tie_word_embeddings": False,
}
GEMMA = COMMON | {
    "hidden_activation": "gelu_pytorch_tanh",
    "query_pre_attn_scalar": 256,
    "tie_word_embeddings": True,
}

FAMILIES: dict[str, Family] = {
    "llama": Family(BlockStyle(), COMMON),
    "mistral": Family(BlockStyle(), COMMON),
    "qwen2": Family(BlockStyle(), COMMON),
    "qwen3": Family(BlockStyle(query_key_norm=True), COMMON, names=NORMED_NAMES),
    "gemma2": Family(
        BlockStyle(norms_after=True),
        GEMMA | {"attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0},
        names=LLAMA_NAMES | GEMMA_NAMES,
        norm_offset=1.0,
    ),
    "gemma3_text": Family(
        BlockStyle(norms_after=True, query_key_norm=True),
        GEMMA
        | {
            "vocab_size": 262_208,
            "rope_theta": 1_000_000.0,
            "rope_local_base_freq": 10_000.0,
            "final_logit_softcapping": None,
        },
        names=NORMED_NAMES | GEMMA_NAMES,
        norm_offset=1.0,
    ),
    "smollm3": Family(
        BlockStyle(), COMMON | {"rope_theta": 2_000_000.0, "tie_word_embeddings": True}
    ),
    "gpt_neo": Family(
        BlockStyle(norm="layer", feed_forward="plain"),
        {
            "vocab_size": 50_257,
            "intermediate_size": None,
            "activation_function": "gelu_new",
            "layer_norm_epsilon": 1e-5,
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
            "rms_norm_eps": 1e-5,
            "rope_theta": 150_000.0,
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
        names=GPT_OSS_NAMES,
        loose=GPT_OSS_LOOSE,
    ),
}
