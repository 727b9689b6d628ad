"""Rules over deployment units: what they find, and what becomes of a defect that shows in several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from netpol_lint.catalog import Catalog, Rule
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.elsewhere import Surroundings
from netpol_lint.cluster.holdings import holds
from netpol_lint.cluster.units import Unit
from netpol_lint.config import Settings
from netpol_lint.engine.copies import Copies
from netpol_lint.engine.joining import told_namespaces, workloads_of
from netpol_lint.errors import NetpolLintError, RuleCrash
from netpol_lint.findings import Finding, Problem, Related
from netpol_lint.findings.edits import for_all_places
from netpol_lint.findings.wording import listed
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location

Detailed: TypeAlias = tuple[Finding, str]
"""A finding without fingerprint, and the stable detail that enters it."""

_NUMBER: Final = re.compile(r"\d+ polic(?:y|ies)")
"""How many policies a namespace has, which differs between units that lack the same one."""


def judge(units: Sequence[Unit], rules: tuple[Rule, ...], catalog: Catalog, settings: Settings) -> tuple[Detailed, ...]:
    """What the rules find in all units: a defect that shows in several units is one finding, in the words of the first.

    In overlays the same text is the same defect, whatever namespace or name they give its object. So is what one
    namespace lacks, wherever units that share it name it: each is put right by the same policy.
    """
    found: dict[tuple[str, Location, str, int], Detailed] = {}
    surroundings = Surroundings(units)
    for unit in units:
        same: Counter[tuple[str, Location, str]] = Counter()
        for finding, detail in _by_text(run_rules(unit, rules, catalog, settings, surroundings)):
            place = (finding.rule, finding.at, detail)
            same[place] += 1
            key = (*place, same[place])
            known = found.setdefault(key, (finding, detail))[0]
            if known is not finding:
                found[key] = known._replace(units=tuple(sorted({*known.units, *finding.units}))), detail
    return tuple(_said_once(found.values(), units))


def _by_text(found: Iterable[Detailed]) -> Iterator[Detailed]:
    """What is said twice of one text is said once: an alias, or a line of a template, stands for several places."""
    groups: dict[Hashable, list[Detailed]] = {}
    for finding, detail in found:
        key = finding.rule, finding.at.path, finding.at.span, finding.message, finding.about, detail
        groups.setdefault(key, []).append((finding, detail))
    for (first, detail), *others in groups.values():
        fixes = [one.fix for one in (first, *(other for other, _ in others)) if one.fix.edits]
        yield (first._replace(fix=for_all_places(fixes)) if others and fixes else first), detail


def _said_once(found: Iterable[Detailed], units: Sequence[Unit]) -> Iterator[Detailed]:
    by_name = {unit.name: unit for unit in units}
    copies = Copies(units)

    def is_copy(finding: Finding, other: Finding) -> bool:
        return any(copies.is_copy(finding.at.path, finding.units[0], unit) for unit in other.units)

    def are_one(finding: Finding, other: Finding) -> bool:
        if is_copy(finding, other) or is_copy(other, finding):
            return True
        own, its, about = by_name[finding.units[0]], by_name[other.units[0]], finding.about
        return about.kind == "Namespace" and _share(own, its, about.name)

    known: dict[Hashable, list[list[Detailed]]] = {}
    groups: list[list[Detailed]] = []
    for finding, detail in found:
        is_namespace = finding.about.kind == "Namespace"
        reason = _NUMBER.sub("", finding.message.rpartition(": ")[2]) if is_namespace else finding.message
        said = finding.rule, finding.about, reason, detail
        side = is_namespace or by_name[finding.units[0]].is_rendered  # a copy is on the other one
        alike = [group for group in known.get((*said, is_namespace or not side), ()) if are_one(finding, group[0][0])]
        if alike:
            alike[0].append((finding, detail))
        else:
            groups.append([(finding, detail)])
            known.setdefault((*said, side), []).append(groups[-1])
    for group in groups:
        written = [one for one in group if not any(is_copy(one[0], other) for other, _ in group)]
        yield group[0] if len(group) == 1 else _as_one(group, written)


def _as_one(group: Sequence[Detailed], written: Sequence[Detailed]) -> Detailed:
    """In the words of the unit that has most to show, of those that are no copies."""
    first, detail = max(written, key=lambda found: len(found[0].related))
    others = [finding for finding, _ in group if finding is not first]
    places = (Related(f"likewise in {listed(finding.units)}", finding.at) for finding in others)
    everywhere = tuple(sorted({*first.units, *(unit for finding in others for unit in finding.units)}))
    return first._replace(units=everywhere, related=(*first.related, *places)), detail


def _share(unit: Unit, other: Unit, namespace: str) -> bool:
    """Whether a namespace of two units is one: they have manifests in common, or both are examples, which go where the
    reader likes, or both name it and may go to one cluster; with a workload in both they are alternatives."""
    if not unit.sources.isdisjoint(other.sources) or (unit.is_example and other.is_example):
        return True
    if unit.cluster != other.cluster or unit.is_example != other.is_example:
        return False
    named = all(namespace in told_namespaces([one]) for one in (unit, other))
    return named and workloads_of(unit).isdisjoint(workloads_of(other))


def run_rules(
    unit: Unit,
    rules: Iterable[Rule],
    catalog: Catalog,
    settings: Settings,
    surroundings: Surroundings | tuple[()] = (),
) -> Iterator[Detailed]:
    """What the rules find in one unit, as far as its surroundings let it stand; RuleCrash if one of them raises."""
    cluster = cluster_of(unit, settings, surroundings)
    for rule in rules:
        if not rule.has_check:
            continue
        options = catalog.options_of(rule, settings)
        if not holds(cluster, rule.needs):
            continue  # most rules in most runs: their checks are not even imported
        try:
            for problem in rule.check(cluster, **options):
                yield _finding(rule, problem, unit), problem.detail
        except NetpolLintError:
            raise
        except Exception as error:
            raise RuleCrash(rule.id) from error


def cluster_of(unit: Unit, settings: Settings, surroundings: Surroundings | tuple[()] = ()) -> Cluster:
    """The unit's objects as one cluster."""
    files = unit.files
    return Cluster(
        name=unit.name,
        workloads=_without_doubles([w for f in files for w in f.workloads]),
        policies=tuple(p for f in files for p in f.policies),
        rejected=tuple(p for f in files for p in f.rejected),
        cluster_policies=tuple(p for f in files for p in f.cluster_policies),
        rejected_cluster_policies=tuple(p for f in files for p in f.rejected_cluster_policies),
        foreign=tuple(p for f in files for p in f.foreign),
        services=tuple(s for f in files for s in f.services),
        publishers=tuple(p for f in files for p in f.publishers),
        evidence=tuple(e for f in files for e in f.evidence),
        nodes=tuple(n for f in files for n in f.nodes),
        signs=tuple(s for f in files for s in f.signs),
        namespace_manifests=tuple(n for f in files for n in f.namespaces),
        defects=tuple(d for f in files for d in f.defects),
        failures=tuple(dict.fromkeys(x for f in files for x in f.failures)),
        not_rendered=tuple({(one.reason, one.at): one for one in unit.not_rendered}.values()),
        unlisted=unit.unlisted,
        is_open=not unit.closed,
        switched_off=unit.switched_off,
        entry=unit.entry,
        release_namespace=settings.namespace if unit.is_installed_anywhere else "",
        open_namespaces=frozenset(name or settings.namespace for name in unit.open_namespaces),
        elsewhere=surroundings.around(unit) if surroundings else (),
        extra_namespaces=settings.namespaces,
        assume=settings.assume,
    )


def _without_doubles(workloads: list[Workload]) -> tuple[Workload, ...]:
    """A Rollout that takes its pods from a Deployment of the unit adds none of its own."""
    known = {w.meta.ref for w in workloads}
    return tuple(w for w in workloads if not known.intersection(w.refers_to))


def _finding(rule: Rule, problem: Problem, unit: Unit) -> Finding:
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=rule.info.severity,
        message=problem.message,
        at=problem.at,
        about=problem.about,
        units=(unit.name,),
        related=problem.related,
        fix=problem.fix,
    )
