"""The plan of a tree: kustomizations, charts and what is deployed from where, as jobs for the renderers."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job
from netpol_lint.render.plan import charts as helm
from netpol_lint.render.plan.areas import below, is_example, is_patch
from netpol_lint.render.plan.gitops import Root
from netpol_lint.render.plan.kustomizations import Kustomizations, is_kustomization, kustomizations_in
from netpol_lint.render.plan.said import Said, SaidUnit
from netpol_lint.source.paths import directories_above

if TYPE_CHECKING:
    from netpol_lint.render.plan.variables import Variables

_TOP: Final = "."


class Planned(NamedTuple):
    """A job, and for plain files which they are."""

    job: Job
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to render, and which files are then still on their own."""

    jobs: tuple[Planned, ...] = ()
    """Jobs of one unit name go into one unit."""
    taken: frozenset[str] = frozenset()
    """Files that are no objects of their own: they belong to kustomizations, charts or jobs."""
    unlisted: Mapping[str, str] = field(default_factory=dict)
    """Files beside a kustomization that does not list them, with the path of that kustomization."""
    patches: frozenset[str] = frozenset()
    """Files that by their name patch others, although no kustomization lists them."""


def plan(paths: Sequence[str], asked: Sequence[str], tree: Tree, roots: Iterable[Root], config: Said) -> Plan:
    """How the files at `paths` (display paths) belong together, as far as something in the tree or the config says so.

    `asked` are the directories that were asked for: what Argo CD and Flux name is looked for below them.
    """
    return _Planner(paths, asked, tree, config).plan(tuple(roots))


class _Planner:
    def __init__(self, paths: Sequence[str], asked: Sequence[str], tree: Tree, config: Said) -> None:
        self._asked = asked
        self._tree = tree
        self._config = config
        self._charts = helm.charts_in(paths)
        self._of_charts: dict[str, list[str]] = {chart: [] for chart in self._charts}
        for path in paths:
            for chart in self._charts_above(path):
                self._of_charts[chart].append(path)
        of_charts = {path for files in self._of_charts.values() for path in files}
        self._paths = [path for path in paths if path not in of_charts]
        self._kustomizations = Kustomizations()
        self._taken = of_charts
        self._jobs: list[Planned] = []
        self._config_maps: Mapping[str, Sequence[Variables]] = {}

    def _charts_above(self, path: str) -> Iterable[str]:
        if self._of_charts:
            for directory in directories_above(path):
                if directory in self._of_charts and helm.is_of_chart(path, directory):
                    yield directory

    def plan(self, roots: tuple[Root, ...]) -> Plan:
        """The plan."""
        own = {root.at.path for root in roots if is_kustomization(root.at.path) and not root.is_rendered}
        candidates = [path for path in self._paths if path not in own]
        self._kustomizations = kustomizations_in(candidates, self._tree, self._is_example)
        rooted = [root for root in roots if root.path and not self._is_example(root.at.path)]
        rooted = [root for root in rooted if root.path != _TOP or self._is_ours(root, rooted)]
        named = frozenset(name for root in rooted for name in root.variables_from)
        if named:
            from netpol_lint.render.plan.variables import config_maps

            self._config_maps = config_maps(self._paths, named, self._tree)
        self._deploy(sorted(rooted, key=lambda root: (root.path, root.at)))
        self._leaves()
        self._plain_charts()
        for unit in self._config.units:
            self._configured(unit)
        in_jobs = {file for planned in self._jobs for file in planned.files}
        taken = frozenset(self._taken | self._kustomizations.listed | in_jobs)
        alone = [path for path in self._paths if path not in taken]
        patches = frozenset(path for path in alone if is_patch(path) and self._above(path))
        unlisted = {
            path: file
            for path in alone
            if path not in patches and (file := self._kustomizations.files.get(posixpath.dirname(path), ""))
        }
        jobs = sorted(self._jobs, key=lambda planned: (planned.job.unit, planned.job.root, planned.job.kind))
        return Plan(tuple(jobs), taken, unlisted, patches)

    def _is_example(self, path: str) -> bool:
        return is_example(path, self._asked)

    def _above(self, path: str) -> str:
        """The nearest directory with a kustomization at or above a file."""
        files = self._kustomizations.files
        return next((files[directory] for directory in directories_above(path) if directory in files), "")

    # -- what Argo CD and Flux deploy -----------------------------------------------------------------------

    def _deploy(self, roots: Sequence[Root]) -> None:
        found = [(root, directory) for root in roots for directory in self._directories(root)]
        sharing: dict[str, set[tuple[str, str, tuple[str, ...], str]]] = {}
        for root, directory in found:
            sharing.setdefault(directory, set()).add(_difference(root))
        seen = set()
        names: set[str] = set()
        for root, directory in found:
            key = directory, _difference(root)
            if key not in seen:
                seen.add(key)
                name = directory if len(sharing[directory]) == 1 else f"{directory} ({root.name})"
                if name in names:
                    name = f"{directory} ({root.name} in {root.namespace or root.cluster})"
                names.add(name)
                self._root(root, directory, name)

    def _is_ours(self, root: Root, others: Sequence[Root]) -> bool:
        """Whether all of a repository is all of this one: every repository has a top, but not every directory."""
        known = {other.repository for other in others}
        return len(known) == 1 or any(
            other.repository == root.repository and other.path != _TOP and self._directories(other) for other in others
        )

    def _directories(self, root: Root) -> list[str]:
        """Where in the scanned tree a path of the repository is; nowhere, if the repository is another."""
        for top in self._asked:
            path = posixpath.normpath(posixpath.join(top, root.path))
            if "*" in path:
                from fnmatch import fnmatchcase

                depth = path.count("/")
                known = {"/".join(file.split("/")[: depth + 1]) for file in self._paths if file.count("/") > depth}
                return sorted(directory for directory in known if fnmatchcase(directory, path))
            if self._tree.is_directory(path):
                return [path]
        return []

    def _root(self, root: Root, directory: str, name: str) -> None:
        why = f"{root.kind} {root.name} ({root.at.path}) deploys it"
        job = Job(
            "files",
            directory,
            name,
            root.namespace,
            root.cluster,
            root.release,
            tuple(self._values_file(directory, file) for file in root.values),
            root.set_values,
            sets_namespace=root.sets_namespace,
            variables=self._variables(root),
            why=why,
        )
        key = "" if directory == "." else directory
        if key in self._kustomizations.files:
            self._jobs.append(Planned(job._replace(kind="kustomize")))
        elif key in self._of_charts:
            self._jobs.append(Planned(job._replace(kind="helm")))
        else:
            self._files(job, recurse=root.recurse)

    def _values_file(self, directory: str, file: str) -> str:
        """Where in the scanned tree a values file is; one that is not there at all is said to be missing there."""
        tops = self._asked if file.startswith("/") else (directory,)
        paths = [posixpath.normpath(posixpath.join(top, file.strip("/"))) for top in tops]
        return next((path for path in paths if self._tree.is_file(path)), paths[0])

    def _variables(self, root: Root) -> Mapping[str, str] | tuple[()]:
        """What Flux fills in there, as far as the tree says so."""
        if not root.variables_from:
            return root.variables
        from netpol_lint.render.plan.variables import nearest  # few trees have any

        found: dict[str, str] = {}
        for name in root.variables_from:
            found.update(nearest(self._config_maps.get(name, ()), root.at.path))
        return {**found, **dict(root.variables)}

    def _files(self, job: Job, *, recurse: bool) -> None:
        """Every manifest of a directory; below it, where kustomizations are, what these stand for."""
        inside = [path for path in self._paths if below(path, job.root) and path not in self._kustomizations.listed]
        if not recurse:
            inside = [path for path in inside if "/" not in below(path, job.root)]
        own = [path for path in inside if not self._top(path, job.root) and not is_kustomization(path)]
        self._jobs.append(Planned(job, tuple(own)))
        below_it = (file for file in self._kustomizations.files.values() if recurse and below(file, job.root))
        for directory in sorted({self._top(file, job.root) for file in below_it} - self._kustomizations.components):
            self._jobs.append(Planned(job._replace(kind="kustomize", root=directory)))
            self._kustomizations.used.add(directory)

    def _top(self, path: str, root: str) -> str:
        """The highest directory with a kustomization between a root and a file below it."""
        highest = ""
        for directory in directories_above(path):
            if directory in ("", root):
                break
            if directory in self._kustomizations.files:
                highest = directory
        return highest

    # -- what nothing but the files themselves speak of -----------------------------------------------------

    def _leaves(self) -> None:
        deployed = {planned.job.root for planned in self._jobs}
        for directory in self._kustomizations.leaves:
            root = directory or "."
            if root not in deployed:
                why = "a kustomization that no other is made of"
                self._jobs.append(Planned(Job("kustomize", root, root, why=why)))

    def _plain_charts(self) -> None:
        said = {one.path for one in self._config.charts}
        deployed = {planned.job.root for planned in self._jobs}
        self._jobs = [planned for planned in self._jobs if planned.job.root not in said]
        for one in self._config.charts:
            name = f"{one.path} ({', '.join(one.values)})" if one.values else one.path
            why = "a chart as the config has it"
            self._jobs.append(Planned(Job("helm", one.path, name, one.namespace, "", one.release, one.values, why=why)))
        for chart in self._charts:
            root = chart or "."
            if root in said or root in deployed or root in self._kustomizations.charts:
                continue
            for below_chart, values in helm.values_sets(chart, self._of_charts[chart]):
                name = f"{root} ({below_chart})" if below_chart else root
                why = f"a chart with {below_chart}" if below_chart else "a chart with its own values"
                self._jobs.append(Planned(Job("helm", root, name, values=values, why=why)))

    # -- what the config says -------------------------------------------------------------------------------

    def _configured(self, unit: SaidUnit) -> None:
        """What lies at or below the paths of a unit of the config, leaves and charts as well as plain files."""
        others: list[Planned] = []
        members: dict[tuple[str, str], Planned] = {}
        why = "the config says so"
        for planned in self._jobs:
            if any(below(planned.job.root, path) for path in unit.paths):
                job = planned.job._replace(unit=unit.name, why=why, namespace=unit.namespace or planned.job.namespace)
                members.setdefault((job.kind, job.root), planned._replace(job=job))
            else:
                others.append(planned)
        for path in unit.paths:
            key = "" if path == "." else path
            if key in self._kustomizations.files and ("kustomize", path) not in members:
                job = Job("kustomize", path, unit.name, unit.namespace, why=why)
                members["kustomize", path] = Planned(job)
        beside = self._kustomizations.files
        plain = tuple(
            path
            for path in self._paths
            if path in unit.paths
            or (
                path not in self._kustomizations.listed
                and posixpath.dirname(path) not in beside
                and any(below(path, one) for one in unit.paths)
            )
        )
        self._jobs = [*others, *members.values()]
        if plain:
            self._jobs.append(Planned(Job("files", unit.paths[0], unit.name, unit.namespace, why=why), plain))


def _difference(root: Root) -> tuple[str, str, tuple[str, ...], str]:
    """What makes two deployments of one directory two units."""
    given = (root.set_values, root.variables, root.variables_from)
    return root.namespace, root.cluster, root.values, repr(given) if any(given) else ""
