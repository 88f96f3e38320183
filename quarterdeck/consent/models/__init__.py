"""The nouns of consent, one file each."""
