"""Pages of review: what a guest opens by a link, and what stands on a post's page."""
