"""What others say of a post before it goes out: comments, suggestions, the pages guests open by a signed link."""
