"""Pages of channels: the list and a channel's own page, and connecting one."""
