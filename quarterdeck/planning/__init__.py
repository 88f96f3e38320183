"""When posts go out: the calendar in its views, slots, repeats, layers of days, and who watches."""
