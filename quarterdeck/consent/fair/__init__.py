"""The fair plan: points by a table, weights in the open, the slots of a span, and what the plan gives to whom."""
