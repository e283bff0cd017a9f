"""Learn tiny-swa's vocabulary: byte-level BPE, so that any text at all has tokens.

    python -m training.tokenizer --texts build/texts --out build/tokenizer.json

There are no control tokens: nothing that a visitor types can mean more than its letters.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCAB_SIZE = 4096


def learn(pieces: Iterator[str]) -> Tokenizer:
    """Merge the most frequent pairs until there are `VOCAB_SIZE` tokens; digits stay single."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB_SIZE, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(pieces, trainer)
    return tokenizer


def main() -> None:
    """Learn from the training pieces of every text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    texts = [json.loads(path.read_text()) for path in sorted(arguments.texts.glob("*.json"))]
    tokenizer = learn(piece for text in texts for piece in text["train"])
    tokenizer.save(str(arguments.out))
    print(f"{tokenizer.get_vocab_size()} tokens in {arguments.out}")


if __name__ == "__main__":
    main()
