"""Rules that admit too much."""
