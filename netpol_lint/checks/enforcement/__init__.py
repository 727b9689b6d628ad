"""Rules of the category enforcement."""
