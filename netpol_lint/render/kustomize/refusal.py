"""Why a kustomization, or a part of it, cannot be rendered."""

from __future__ import annotations

from netpol_lint.source.location import Location


class Refused(Exception):
    """What kustomize would refuse too, or what we do not do, with its place and what to do about it."""

    def __init__(self, reason: str, at: Location, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at
        self.remedy = remedy
