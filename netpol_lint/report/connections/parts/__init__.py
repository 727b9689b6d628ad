"""What formats of the map share: its shape as plain data, and sets of endpoints in words."""
