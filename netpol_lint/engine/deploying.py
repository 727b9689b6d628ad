"""From files to deployment units: what belongs together is planned, rendered, decoded, and joined or split."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from netpol_lint.cluster.grouping import Group, groups
from netpol_lint.cluster.loading import Reading, objects_of, take_in
from netpol_lint.cluster.units import FileObjects, Unit
from netpol_lint.config import Settings
from netpol_lint.engine.joining import common_directory, neighbours, relative, root_of, together, with_config
from netpol_lint.records import NamedTuple
from netpol_lint.render.files import NO_TEXTS, Tree
from netpol_lint.render.plan.areas import closest, is_example
from netpol_lint.source.documents import Document, Failure
from netpol_lint.source.limits import Limits
from netpol_lint.source.tree import duplicate_keys

if TYPE_CHECKING:
    from netpol_lint.render.jobs import Job, Rendered
    from netpol_lint.render.plan.gitops import Root
    from netpol_lint.render.plan.planning import Plan, Planned

_SIGNS: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml")
_MOST_ROUNDS: Final = 5
"""How many levels of objects that deploy each other are looked at."""
_OWN_RENDERERS: Final = frozenset(("built-in", "none"))


class Sources(NamedTuple):
    """What units are made from."""

    paths: tuple[str, ...]
    """Display paths of the files of the run."""
    asked: tuple[str, ...]
    """The directories that were asked for."""
    base: str = "."
    """The directory that holds all that was asked for, to which names of units are relative."""
    texts: Mapping[str, bytes] = NO_TEXTS
    """Files that are not on disk, or that are other there."""
    on_disk: bool = True
    """Whether there are other files than `texts`."""
    examples: frozenset[str] = frozenset()
    """Those of `asked` that are documentation, examples or samples as a whole."""

    def tree(self, limits: Limits) -> Tree:
        """The files by path, renderers' inputs that are no manifests included."""
        roots = [(path, path) for path in self.asked] if self.on_disk else []
        return Tree(roots, limits, self.texts)


NO_SOURCES: Final = Sources((), ())


def units_of(
    files: Sequence[FileObjects],
    sources: Sources,
    settings: Settings,
    reading: Reading,
    content: Callable[[str], bytes],
) -> tuple[Unit, ...]:
    """The deployment units of the files, sorted by name; each has something to be said about."""
    tree = sources.tree(reading.limits)
    roots = tuple(root for file in files for root in file.roots)
    plan = _plan(roots, sources, tree, settings)
    work = _Work({file.path: file for file in files}, sources, tree, reading, content, settings.helm_renderer)
    units = [] if plan is None else work.jobs(plan)
    for _ in range(_MOST_ROUNDS):
        more = _with_rendered(roots, units)
        if more == roots:
            break
        roots, plan = more, _plan(more, sources, tree, settings)
        units = [] if plan is None else work.jobs(plan)
    units += () if plan is None else work.unlisted(plan)
    taken = frozenset[str]() if plan is None else plan.taken | plan.patches | plan.unlisted.keys()
    plain = groups((file for file in files if file.path not in taken), work.is_example)
    units += (work.unit(group) for group in plain)
    units = [unit for unit in _opened(units) if _says_something(unit)]
    return _named(with_config(neighbours(units), settings, sources.base), sources.base)


def _with_rendered(roots: tuple[Root, ...], units: Sequence[Unit]) -> tuple[Root, ...]:
    """The roots, with those that are known only once what others deploy is rendered."""
    if not any(file.roots for unit in units for file in unit.files):
        return roots
    from netpol_lint.engine.rendered_roots import with_rendered  # few trees have any

    return with_rendered(roots, units)


def _plan(roots: Sequence[Root], sources: Sources, tree: Tree, settings: Settings) -> Plan | None:
    """How the files belong together; None where nothing in the tree or the config says so, as in most.

    Files that are named one by one are taken as they are: what they are made of or belong to was not asked for.
    """
    if not sources.asked:
        return None
    signs = any(path.endswith(_SIGNS) for path in sources.paths)
    if not signs and not roots and not settings.units and not settings.helm:
        return None
    from netpol_lint.render.plan.planning import plan
    from netpol_lint.render.plan.said import said

    return plan(sources.paths, sources.asked, tree, roots, said(settings.units, settings.helm, settings.base))


class _Work:
    def __init__(
        self,
        by_path: dict[str, FileObjects],
        sources: Sources,
        tree: Tree,
        reading: Reading,
        content: Callable[[str], bytes],
        helm_renderer: str,
    ) -> None:
        self._by_path = by_path
        self._asked = sources.asked
        self._examples = sources.examples
        self._tree = tree
        self._reading = reading
        self._content = content
        self._helm_renderer = helm_renderer
        self._done: dict[str, Unit] = {}

    def is_example(self, path: str) -> bool:
        """Whether a path lies in examples, be they below what was asked for or that itself.

        Of the latter the plan knows nothing: what Argo CD deploys in a tree of examples is for that tree.
        """
        return is_example(path, self._asked) or closest(path, self._asked) in self._examples

    def unit(self, group: Group, **more: str) -> Unit:
        """Plain manifests as a unit."""
        paths = [file.path for file in group.files]
        name = _common(paths)
        return Unit(
            name,
            group.files,
            group.reason,
            is_example=self.is_example(name) or self.is_example(paths[0]),
            sources=frozenset(paths),
            **more,  # type: ignore[arg-type]
        )

    def unlisted(self, plan: Plan) -> Iterator[Unit]:
        """What lies beside kustomizations that do not list it."""
        beside: dict[str, list[FileObjects]] = {}
        for path, kustomization in plan.unlisted.items():
            if path in self._by_path:
                beside.setdefault(kustomization, []).append(self._by_path[path])
        for kustomization, files in sorted(beside.items()):
            for group in groups(files, self.is_example):
                reason = f"files that {kustomization} does not list"
                unit = self.unit(Group(group.files, reason), unlisted=kustomization)
                yield unit._replace(name=f"{unit.name} (not listed)")

    def jobs(self, plan: Plan) -> list[Unit]:
        """Everything that is rendered, or is plain and known to be deployed together."""
        by_unit: dict[str, list[Unit]] = {}
        for planned in plan.jobs:
            by_unit.setdefault(planned.job.unit, []).append(self._part(planned))
        return [together(parts[0].name, parts, parts[0].reason) for parts in by_unit.values()]

    def _part(self, planned: Planned) -> Unit:
        """What one job gives: the same one, if another plan has it too."""
        key = repr(planned)
        done = self._done.get(key)
        if done is None:
            job = planned.job
            done = self._done[key] = self._files(job, planned.files) if job.kind == "files" else self._render(job)
        return done

    def _files(self, job: Job, paths: Iterable[str]) -> Unit:
        files = [self._by_path[path] for path in paths if path in self._by_path]
        is_changed = job.sets_namespace or job.variables
        if is_changed or (job.namespace and job.namespace != self._reading.namespace):
            reading = self._reading._replace(namespace=job.namespace or self._reading.namespace)
            files = [
                objects_of(self._content(file.path), file.path, reading, applied=partial(_applied, job))
                for file in files
            ]
        sources = frozenset(file.path for file in files)
        is_example = self.is_example(job.root)
        return Unit(job.unit, tuple(files), job.why, job.cluster, job.namespace, sources=sources, is_example=is_example)

    def _render(self, job: Job) -> Unit:
        rendered = self._rendered(job)
        objects = FileObjects(job.root)
        for item in rendered.documents:
            if isinstance(item, Failure):
                objects.failures.append(item)
            else:
                is_sound = job.kind == "helm" and item.may_repeat_keys and _only_repeats(item)
                sound = item._replace(may_repeat_keys=False) if is_sound else item
                take_in(_applied(job, sound), objects, self._reading)
        if rendered.problems or not rendered.closed:
            from netpol_lint.engine.plugin_charts import plugin_signs

            objects.signs.extend(plugin_signs(rendered, self._tree))
        return Unit(
            job.unit,
            (objects,),
            job.why,
            job.cluster,
            job.namespace,
            closed=rendered.closed and not objects.failures,
            not_rendered=rendered.problems,
            is_example=self.is_example(job.root),
            sources=rendered.used,
            jobs=(job,),
            switched_off=rendered.switched_off,
            renderers=frozenset((rendered.renderer,)) - _OWN_RENDERERS,
        )

    def _rendered(self, job: Job) -> Rendered:
        tree, namespace = self._tree, job.namespace or self._reading.namespace
        if job.kind == "kustomize":
            from netpol_lint.render.kustomize import build

            return build(job, tree, default_namespace=namespace, helm_renderer=self._helm_renderer)
        from netpol_lint.render.helm import render

        return render(job, tree, default_namespace=namespace, renderer=self._helm_renderer)


def _applied(job: Job, document: Document) -> Document:
    """The document after what Flux does to it."""
    if not job.sets_namespace and not job.variables:
        return document
    from netpol_lint.render.flux import applied

    return applied(document, job)


def _only_repeats(document: Document) -> bool:
    """Whether what is there twice says the same: templates put labels together from parts that overlap."""
    return all(twice.same for twice in duplicate_keys(document.root))


def _opened(units: Sequence[Unit]) -> Iterator[Unit]:
    """The units with the namespaces into which they or others have charts from elsewhere installed."""
    opened = {unit.name: frozenset(_opens(unit)) for unit in units}
    everywhere = frozenset().union(*(opened[unit.name] for unit in units if not unit.is_example))
    for unit in units:
        yield unit._replace(open_namespaces=opened[unit.name] if unit.is_example else everywhere)


def _opens(unit: Unit) -> Iterator[str]:
    for file in unit.files:
        yield from (root.namespace for root in file.roots if root.chart)


def _says_something(unit: Unit) -> bool:
    return bool(unit.not_rendered) or any(
        file.object_count > file.data_count or file.defects or file.failures or file.partial or file.signs
        for file in unit.files
    )


def _named(units: Iterable[Unit], base: str) -> tuple[Unit, ...]:
    """The units by name, relative to a directory; where several have one, with a file that tells them apart."""
    by_name: dict[str, list[Unit]] = {}
    for unit in units:
        by_name.setdefault(relative(unit.name, base), []).append(unit)
    found: list[Unit] = []
    for name, members in by_name.items():
        if len(members) == 1:
            found.append(members[0]._replace(name=name))
            continue
        for number, unit in enumerate(sorted(members, key=lambda u: sorted(u.sources)), start=1):
            others = frozenset().union(*(other.sources for other in members if other is not unit))
            own = sorted(unit.sources - others)
            mark = relative(_mark(own, root_of(unit)), root_of(unit)) if own else f"{number}"
            found.append(unit._replace(name=f"{name} ({mark})"))
    return tuple(sorted(found, key=lambda unit: unit.name))


def _mark(own: Sequence[str], root: str) -> str:
    """What to call the files that a unit has for itself: their directory, or the first of them."""
    directory = _common(own)
    return own[0] if len(own) == 1 or directory in {root, "."} else directory


def _common(paths: Sequence[str]) -> str:
    """The directory that holds all the files; "." for the top."""
    return common_directory(posixpath.dirname(path) for path in paths)
