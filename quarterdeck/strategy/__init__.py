"""What the work is for: objectives and key results, campaigns and their pillars, decisions."""
