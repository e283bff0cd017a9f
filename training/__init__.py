"""From free texts to the bundled weights of tiny-swa: texts, tokenizer, train, export."""
