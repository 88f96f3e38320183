"""The pages of strategy: the tree, objectives, campaigns, pillars, templates of checklists."""
