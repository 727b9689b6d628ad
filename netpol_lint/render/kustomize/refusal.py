"""Why a kustomization, or a part of it, cannot be rendered."""

from __future__ import annotations

import enum

from netpol_lint.source.location import Location


class Cause(enum.Enum):
    """What a refusal comes from."""

    MISTAKE = "mistake"
    ABSENT = "absent"
    """Something that is remote, or not there."""
    ABSENT_DATA = "absent data"
    """The same, but nothing that pods could be in."""
    MAY_FOLLOW = "may follow"
    """A mistake, unless something else is absent: then probably because of that."""


class Refused(Exception):
    """What kustomize would refuse too, or what we do not do, with its place and what to do about it."""

    def __init__(
        self,
        reason: str,
        at: Location,
        remedy: str = "",
        *,
        cause: Cause = Cause.MISTAKE,
        file: str = "",
        problem: str = "",
    ) -> None:
        """`file` is the one that is not read because of its `problem`, where others can be told together with it."""
        super().__init__(reason)
        self.reason = reason
        self.at = at
        self.remedy = remedy
        self.cause = cause
        self.file = file
        self.problem = problem


class Allowance:
    """How much of something a build may use: a repository must not make it run for ever, or fill the memory."""

    def __init__(self, most: int, what: str) -> None:
        self._left = most
        self._reason = f"the build needs more than {most} {what}, which is not done"

    def spend(self, amount: int, at: Location) -> None:
        """Use some of it. Refused if that is more than is left."""
        self._left -= amount
        if self._left < 0:
            raise Refused(self._reason, at)
