"""Changes to what is out already: a post edited, taken down or answered where it stands, through the same fence."""
