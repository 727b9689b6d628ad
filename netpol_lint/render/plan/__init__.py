"""How the files of a tree belong together: what is rendered with what, for which namespace and cluster."""

from __future__ import annotations

from typing import Final

ROOT_KINDS: Final = frozenset(("Application", "ApplicationSet", "Kustomization", "HelmRelease"))
"""The kinds of objects that say what is deployed where, whatever their group (`plan.gitops`)."""
