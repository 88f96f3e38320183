"""Pages of the Desk: the Desk itself with its items, and the week."""
