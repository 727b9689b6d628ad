"""Rules about port numbers and names that meet nothing (NP4xx)."""
