"""Kustomizations as the documents they stand for, built in."""
