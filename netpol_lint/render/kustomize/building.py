"""Building a kustomization: bases, generators and components gathered, then changed, in kustomize's order."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.render.kustomize import generating, replacing, transforming, variables
from netpol_lint.render.kustomize.configurations import config_in, with_defaults
from netpol_lint.render.kustomize.defaults import Config
from netpol_lint.render.kustomize.draft import Map, frozen
from netpol_lint.render.kustomize.inflating import Charts
from netpol_lint.render.kustomize.kustomization import Kustomization, read, references_of
from netpol_lint.render.kustomize.naming import fix_references
from netpol_lint.render.kustomize.objects import Id, Object
from netpol_lint.render.kustomize.patches import Patcher
from netpol_lint.render.kustomize.references import Reach, Reference, Role, not_read, resolve
from netpol_lint.render.kustomize.refusal import NEEDS_KUSTOMIZE, Allowance, Cause, Refused, problems_of
from netpol_lint.source.documents import Document, Failure
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence

BUILT_IN: Final = "built-in"
_PLUGINS: Final = ("generators", "transformers", "validators")
_MOST_KUSTOMIZATIONS: Final = 2_000
_DEEPEST: Final = 50
_MOST_REFUSALS: Final = 10_000
_MOST_STEPS: Final = 10_000_000
_MOST_BYTES: Final = 64 * 1024 * 1024
_LOCAL_CONFIG: Final = "config.kubernetes.io/local-config"
_TOP: Final = Span(1, 1, 1, 2)


_Step: TypeAlias = Callable[[], None]


@dataclass(slots=True)
class _Gathered:
    """What a kustomization and those below it gave so far."""

    objects: list[Object] = field(default_factory=list)
    configs: list[Config] = field(default_factory=list)
    variables: list[variables.Variable] = field(default_factory=list)
    ids: set[Id] = field(default_factory=set)
    """Of the objects, while more are gathered."""


class Build:
    """One build of one job."""

    def __init__(self, job: Job, tree: Tree, default_namespace: str, helm_renderer: str) -> None:
        self._job = job
        self._tree = tree
        self._default_namespace = default_namespace
        self._refusals: list[Refused] = []
        self._misses = False
        self._used: set[str] = set()
        self._failures: list[Failure] = []
        self._closed = True
        self._kustomizations = 0
        self._objects = Allowance(tree.limits.objects, "objects")
        self._steps = Allowance(_MOST_STEPS, "steps")
        self._bytes = Allowance(_MOST_BYTES, "bytes of generated objects")
        self._charts = Charts(job, tree, helm_renderer, self._used.add, self._refuse)
        self._namespaces = [""]
        self.needs_kustomize = False

    def run(self) -> Rendered:
        """Everything that can be rendered, and what cannot."""
        gathered = _Gathered()
        try:
            gathered = self._target(self._job.root, None, [])
            self._finish(gathered)
        except Refused as refused:
            self._refuse(refused)
        documents: list[Document | Failure] = [self._document(one) for one in gathered.objects]
        return Rendered(
            self._job,
            (*documents, *dict.fromkeys(self._failures)),
            frozenset(self._used),
            (*problems_of(self._job, self._refusals), *self._charts.problems),
            self._closed and self._charts.closed,
            self._charts.renderer or BUILT_IN,
            tuple(self._charts.switched_off),
        )

    def _finish(self, gathered: _Gathered) -> None:
        """What kustomize does last, once for the whole build."""
        config = with_defaults(tuple(gathered.configs))
        generating.hashed(gathered.objects)
        fix_references(config, gathered.objects)
        try:
            variables.resolve(gathered.variables, config, gathered.objects)
        except Refused as refused:
            self._refuse(refused)
        gathered.objects = [one for one in gathered.objects if not _is_local_config(one)]

    def _document(self, one: Object) -> Document:
        root = frozen(one.root)
        assert isinstance(root, Mapping)
        document = one.document
        repeats = document.may_repeat_keys
        return Document(root.path, root, one.api_version, one.kind, self._default_namespace, repeats)

    def _refuse(self, refused: Refused) -> None:
        """Keep what is wrong, but nothing that is probably wrong because of something that is kept already."""
        self._closed = self._closed and refused.cause is Cause.ABSENT_DATA
        is_absent = refused.cause in {Cause.ABSENT, Cause.ABSENT_DATA}
        if len(self._refusals) < _MOST_REFUSALS and not (refused.cause is Cause.MAY_FOLLOW and self._misses):
            self._refusals.append(refused)
        self._misses = self._misses or is_absent

    def _target(
        self, directory: str, at: Location | None, roots: list[str], parent: _Gathered | None = None
    ) -> _Gathered:
        """What a directory's kustomization gives; a component works on what its parent has gathered."""
        self._kustomizations += 1
        here = at or Location(directory, _TOP)
        if self._kustomizations > _MOST_KUSTOMIZATIONS:
            raise Refused(f"more than {_MOST_KUSTOMIZATIONS} kustomizations in one build are not read", here)
        if len(roots) > _DEEPEST:
            raise Refused(f"kustomizations more than {_DEEPEST} levels deep are not read", here)
        kustomization = read(directory, self._tree, at)
        self._used.add(kustomization.path)
        if at is not None and kustomization.is_component != (parent is not None):
            what = "a component, which belongs under `components`" if kustomization.is_component else "no component"
            raise Refused(f"{kustomization.path} is {what}", here)
        for mistake, place in kustomization.mistakes:
            self._refuse(Refused(mistake, place, "correct the kustomization"))
        gathered = parent if parent is not None else _Gathered()
        self._namespaces.append(kustomization.text("namespace") or self._namespaces[-1])
        try:
            self._gather(kustomization, gathered, [*roots, posixpath.normpath(directory)])
        finally:
            self._namespaces.pop()
        self._change(kustomization, gathered)
        return gathered

    def _gather(self, kustomization: Kustomization, gathered: _Gathered, roots: list[str]) -> None:
        references = list(references_of(kustomization, self._tree))
        gathered.ids = {one.id for one in gathered.objects}
        for reference in references:
            if reference.role is Role.RESOURCE:
                self._guard(lambda reference=reference: self._resource(reference, gathered, roots))  # type: ignore[misc]
        for reference in references:
            if reference.role is Role.CONFIGURATION:
                self._guard(lambda reference=reference: self._configuration(reference, gathered))  # type: ignore[misc]
        generator = generating.Generator(kustomization, self._tree, self._used.add, self._refuse, self._bytes)
        gathered.objects = generator.run(gathered.objects, self._default_namespace)
        gathered.ids = {one.id for one in gathered.objects}
        for reference, documents in self._charts.documents(kustomization, self._namespaces[-1]):
            self._append(self._objects_in(documents, reference, from_chart=True), gathered, reference)
        for name in _PLUGINS:
            if kustomization.items(name):
                self._plugin(kustomization, name)
        for reference in references:
            if reference.role is Role.COMPONENT:
                self._guard(lambda reference=reference: self._component(reference, gathered, roots))  # type: ignore[misc]

    def _guard(self, step: _Step) -> None:
        try:
            step()
        except Refused as refused:
            self._refuse(refused)

    def _plugin(self, kustomization: Kustomization, name: str) -> None:
        self.needs_kustomize = True
        remedy = "install kustomize or kubectl, or pipe `kustomize build DIRECTORY` into `netpol-lint check -`"
        node = kustomization.items(name)[0]
        at = Location(node.path, kustomization.fields[name].key_span, f"/{name}")
        self._refuse(Refused(f"`{name}` {NEEDS_KUSTOMIZE}", at, remedy))

    def _resource(self, reference: Reference, gathered: _Gathered, roots: list[str]) -> None:
        if reference.reach is Reach.DIRECTORY:
            self._check_cycle(reference, roots)
            below = self._target(reference.path, reference.at, roots)
            self._append(below.objects, gathered, reference)
            gathered.configs.extend(config for config in below.configs if config not in gathered.configs)
            gathered.variables.extend(below.variables)
            return
        self._append(self._objects_in(self._read(reference), reference), gathered, reference)

    def _objects_in(
        self, documents: Iterable[Document | Failure], reference: Reference, *, from_chart: bool = False
    ) -> list[Object]:
        objects = []
        for item in documents:
            if isinstance(item, Failure):
                self._closed = False
                self._failures.append(item)
            else:
                self._objects.spend(1, reference.at)
                objects.append(Object(Map(item.root), item, from_chart=from_chart))
                if not objects[-1].name:
                    self._refuse(Refused(f"kustomize refuses a {item.kind} without a name", item.root.location))
        return [one for one in objects if not _is_local_config(one)]

    def _read(self, reference: Reference) -> tuple[Document | Failure, ...]:
        if not reference.is_local:
            raise not_read(reference)
        documents = self._tree.documents(reference.path)
        if isinstance(documents, Trouble):
            raise Refused(f"{reference.text} is not read: {documents.message}", reference.at)
        self._used.add(reference.path)
        if not documents and self._tree.trees(reference.path):
            raise Refused(f"{reference.text} holds no object", reference.at, "remove the line, or correct the file")
        return documents

    def _append(self, objects: list[Object], gathered: _Gathered, reference: Reference) -> None:
        known = gathered.ids
        for one in objects:
            if one.id in known:
                self._refuse(
                    Refused(
                        f"kustomize refuses {reference.text}: {one.id} is there already", reference.at, "remove one"
                    )
                )
            else:
                known.add(one.id)
                gathered.objects.append(one)

    def _component(self, reference: Reference, gathered: _Gathered, roots: list[str]) -> None:
        if reference.reach is not Reach.DIRECTORY:
            raise not_read(reference if reference.problem else reference._replace(problem="a component is a directory"))
        self._check_cycle(reference, roots)
        self._target(reference.path, reference.at, roots, gathered)

    def _check_cycle(self, reference: Reference, roots: list[str]) -> None:
        """kustomize refuses a base that is, or lies above, a directory it came through."""
        for root in roots:
            if reference.path in {root, "."} or root.startswith(f"{reference.path}/"):
                raise Refused(f"a cycle: {reference.text} leads back to {root}", reference.at, "remove the line")

    def _configuration(self, reference: Reference, gathered: _Gathered) -> None:
        for root in self._roots(reference):
            config = config_in(root)
            if config not in gathered.configs:
                gathered.configs.append(config)

    def _change(self, kustomization: Kustomization, gathered: _Gathered) -> None:
        changes = sum(len(value) for value in kustomization.fields.values() if not isinstance(value, Scalar))
        self._steps.spend(len(gathered.objects) * (1 + changes), kustomization.root.location)
        config = with_defaults(tuple(gathered.configs))
        patcher = Patcher(kustomization, self._tree, self._used.add, self._refuse, self._steps)
        gathered.objects = patcher.strategic_merges(gathered.objects)
        gathered.objects = patcher.patches(gathered.objects)
        objects = gathered.objects
        self._guard(lambda: transforming.set_namespace(kustomization, config, objects))
        transforming.rename(kustomization, config, objects)
        transforming.add_labels(kustomization, config, objects)
        transforming.add_annotations(kustomization, config, objects)
        gathered.objects = objects = patcher.patches(objects, "patchesJson6902")
        transforming.set_replicas(kustomization, config, objects)
        transforming.set_images(kustomization, config, objects)
        for item in kustomization.mappings("replacements"):
            self._guard(lambda item=item: self._replace(kustomization, item, objects))  # type: ignore[misc]
        self._guard(lambda: self._declare(kustomization, gathered))

    def _declare(self, kustomization: Kustomization, gathered: _Gathered) -> None:
        gathered.variables.extend(variables.declared(kustomization.mappings("vars"), gathered.objects))

    def _replace(self, kustomization: Kustomization, item: Mapping, objects: list[Object]) -> None:
        path = item.get("path")
        if not isinstance(path, Scalar):
            self._copy(item, objects)
            return
        reference = resolve(path, Role.REPLACEMENT, kustomization.directory, self._tree)
        for root in self._roots(reference):
            for one in root if isinstance(root, Sequence) else (root,):
                if isinstance(one, Mapping):
                    self._copy(one, objects)

    def _roots(self, reference: Reference) -> Iterator[Node]:
        """The documents of a file that is referred to; refused where it, or one of them, cannot be read."""
        if not reference.is_local:
            raise not_read(reference)
        trees = self._tree.trees(reference.path)
        if isinstance(trees, Trouble):
            raise Refused(f"{reference.text} is not read: {trees.message}", reference.at)
        self._used.add(reference.path)
        for root in trees:
            if isinstance(root, Failure):
                raise Refused(root.message, root.at)
            yield root

    def _copy(self, item: Mapping, objects: list[Object]) -> None:
        targets = item.get("targets")
        self._steps.spend(len(objects) * (1 + (len(targets) if isinstance(targets, Sequence) else 0)), item.location)
        replacing.apply(item, objects)


def _is_local_config(one: Object) -> bool:
    """Whether the object is for tools only: kustomize leaves it out."""
    text = one.root.text("metadata", "annotations", _LOCAL_CONFIG)
    return text not in {"", "false"}
