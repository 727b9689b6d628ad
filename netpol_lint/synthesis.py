"""Least-privilege policies from needs."""
