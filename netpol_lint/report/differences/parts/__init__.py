"""What formats of the difference share."""
