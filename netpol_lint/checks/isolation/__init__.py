"""Workloads or directions left open."""
