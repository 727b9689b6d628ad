"""A unit's objects with their indexes, and which pods a selector picks."""
