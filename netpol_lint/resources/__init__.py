"""Typed Kubernetes objects; past `decode` nobody sees a dictionary or an API default."""
