"""The nouns of strategy, one file each."""
