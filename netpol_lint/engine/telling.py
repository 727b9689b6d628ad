"""What a finding says beyond its rule's words: in which of several like units it shows, and which value decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from netpol_lint.cluster.units import Unit
from netpol_lint.engine.judging import Detailed
from netpol_lint.findings import Finding, Related
from netpol_lint.findings.wording import listed
from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location

_MOST_KEYS: Final = 3
_MOST_SETS: Final = 20
"""Sets of values that are looked through for one finding."""
_TEMPLATES: Final = "/templates/"


class _Source(NamedTuple):
    """Where a person wrote an object, whatever renderers make of its name and namespace."""

    kind: str
    at: Location


def told(found: Iterable[Detailed], units: Sequence[Unit], tree: Tree) -> tuple[Detailed, ...]:
    """The findings, those that show in some of the units of one base or chart with the words which these are, and
    those in a chart's template with the value that decides."""
    findings = tuple(found)
    comparison = _Comparison(units, [finding for finding, _ in findings]) if _share(units) else None
    by_name = {unit.name: unit for unit in units}
    result: list[Detailed] = []
    for finding, detail in findings:
        deciding = _deciding(finding, by_name, tree)
        more = finding._replace(related=(*finding.related, *deciding)) if deciding else finding
        words = comparison.words(finding) if comparison is not None else ""
        result.append((more._replace(message=f"{finding.message}{words}") if words else more, detail))
    return tuple(result)


def _deciding(finding: Finding, units: Mapping[str, Unit], tree: Tree) -> tuple[Related, ...]:
    """The keys of the values, of each set in which the finding shows, that its line of a template takes."""
    jobs = [job for name in finding.units for job in units[name].jobs if job.kind == "helm"]
    if not jobs or _TEMPLATES not in f"/{finding.at.path}":
        return ()
    from netpol_lint.render.helm import decided_by

    places = dict.fromkeys(at for job in jobs[:_MOST_SETS] for at in decided_by(job, tree, finding.at))
    return tuple(Related(f"decided by the values key {_key(at)}", at) for at in list(places)[:_MOST_KEYS])


def _key(at: Location) -> str:
    """A place of a values file as charts name it: `networkPolicy.enabled`."""
    return at.pointer.strip("/").replace("/", ".").replace("~1", "/").replace("~0", "~")


class _Comparison:
    """Units that are made of the same sources, side by side."""

    def __init__(self, units: Sequence[Unit], findings: Iterable[Finding]) -> None:
        self._units = {unit.name: unit for unit in units}
        self._sources: dict[str, dict[ObjectRef, _Source]] = {}
        self._holders: dict[_Source, list[str]] = {}
        self._reported: dict[object, set[str]] = {}
        for finding in findings:
            for known_by in _known_by(finding):
                self._reported.setdefault(known_by, set()).update(finding.units)

    def words(self, finding: Finding) -> str:
        """` (in prod, not in dev)`; "" where it shows in all that are made of the same source, or there is but one.

        A unit of which not all is known, or in which something else is wrong at that place, or the same is said of the
        object elsewhere, is not one that is right.
        """
        source = self._objects(finding.units[0]).get(finding.about)
        if source is None:
            return ""
        wrong = set().union(*(self._reported[known_by] for known_by in _known_by(finding)))
        right = [name for name in self._made_of(source) if name not in wrong and self._units[name].closed]
        return f" (in {listed(finding.units)}, not in {listed(right)})" if right else ""

    def _objects(self, unit: str) -> Mapping[ObjectRef, _Source]:
        known = self._sources.get(unit)
        if known is None:
            known = self._sources[unit] = dict(_sources_of(self._units[unit]))
        return known

    def _made_of(self, source: _Source) -> Sequence[str]:
        if not self._holders:
            for name, unit in self._units.items():
                for one in dict.fromkeys(one for _, one in _sources_of(unit)):
                    self._holders.setdefault(one, []).append(name)
        return self._holders.get(source, ())


def _share(units: Sequence[Unit]) -> bool:
    """Whether a manifest went into several units, as it does in few trees."""
    return sum(len(unit.sources) for unit in units) > len(frozenset().union(*(unit.sources for unit in units)))


def _known_by(finding: Finding) -> tuple[object, object]:
    return finding.at, (finding.rule, finding.about)


def _sources_of(unit: Unit) -> Iterator[tuple[ObjectRef, _Source]]:
    for file in unit.files:
        for meta in file.metas:
            yield meta.ref, _Source(meta.ref.kind, meta.at)
