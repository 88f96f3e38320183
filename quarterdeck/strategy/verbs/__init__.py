"""The acts of strategy."""
