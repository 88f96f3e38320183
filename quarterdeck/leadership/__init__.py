"""The record that belongs to the person, first of it the private week. Off until the person switches it on."""
