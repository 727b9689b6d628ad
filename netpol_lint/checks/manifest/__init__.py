"""What the API server refuses, drops or silently changes."""
