"""What runs netpol-lint inside other programs."""
