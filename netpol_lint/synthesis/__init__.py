"""Least-privilege policies from needs: a plan that knows no dialect, and one module per dialect that writes it."""
