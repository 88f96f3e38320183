"""Pages of planning: the calendar and moving on it; slots, layers, series, watching, feeds."""
