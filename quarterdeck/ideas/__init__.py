"""What may become a post: an idea without date or channel, from first words to a draft that names its origin."""
