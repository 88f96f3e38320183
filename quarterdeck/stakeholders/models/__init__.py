"""The nouns of stakeholders, one file each."""
