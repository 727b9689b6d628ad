"""Why a kustomization, or a part of it, cannot be rendered."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from itertools import islice
from typing import Final

from netpol_lint.render.jobs import Job, NotRendered
from netpol_lint.source.location import Location

NEEDS_KUSTOMIZE: Final = "needs kustomize"
_MOST_PROBLEMS: Final = 100
_MOST_FILES: Final = 4
_SETTLE: Final = "see what `kustomize build` says"


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


def problems_of(job: Job, refusals: Iterable[Refused]) -> tuple[NotRendered, ...]:
    """What is wrong; of the files that one kustomization names and that are not there, one problem for all."""
    by_place: dict[object, list[Refused]] = {}
    for refused in refusals:
        key = (refused.at.path, refused.problem) if refused.file else (refused.reason, refused.at)
        by_place.setdefault(key, []).append(refused)
    return tuple(
        NotRendered(job, _reason(together), together[0].at, together[0].remedy or _SETTLE)
        for together in islice(by_place.values(), _MOST_PROBLEMS)
    )


def _reason(together: list[Refused]) -> str:
    files = list(dict.fromkeys(refused.file for refused in together))
    if len(files) < 2:
        return together[0].reason
    named = files if len(files) <= _MOST_FILES else [*files[: _MOST_FILES - 1], f"{len(files) - _MOST_FILES + 1} more"]
    problem = together[0].problem.replace("it is remote", "they are remote")
    return f"{', '.join(named[:-1])} and {named[-1]} are not read: {problem}"
