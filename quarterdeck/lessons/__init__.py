"""What was learned and promised: blameless reviews, commitments kept or not, credit given."""
