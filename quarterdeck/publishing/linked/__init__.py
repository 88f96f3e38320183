"""Pages that posts link to: looked at through the safe client, bounded, kept for a day."""
