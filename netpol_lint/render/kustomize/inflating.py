"""Helm charts in the tree as objects of the kustomization that takes them in, at the lines of their templates."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping as Data
from typing import Any, Final

from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, NotRendered
from netpol_lint.render.kustomize.charts import Entry, entries_of, unnamed
from netpol_lint.render.kustomize.kustomization import Kustomization
from netpol_lint.render.kustomize.references import Reach, Reference, not_read
from netpol_lint.render.kustomize.refusal import NEEDS_KUSTOMIZE, Refused
from netpol_lint.source.documents import Document, Failure
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Scalar, plain_data

_MERGES: Final = ("", "override", "merge", "replace")
_RELEASE: Final = "release-name"
"""What Helm calls a release whose name kustomize leaves to it."""
_NAMESPACE: Final = "default"
_MOST_CHARTS: Final = 100
_REMEDY: Final = "render it with `kustomize build --enable-helm DIRECTORY | netpol-lint check -`"


class Charts:
    """Renders the charts of one build."""

    def __init__(
        self, job: Job, tree: Tree, renderer: str, use: Callable[[str], None], refuse: Callable[[Refused], None]
    ) -> None:
        self._job = job
        self._tree = tree
        self._renderer = renderer
        self._use = use
        self._refuse = refuse
        self._count = 0
        self.problems: list[NotRendered] = []
        self.switched_off: list[str] = []
        """Path and text of each template that could give pods, and gives nothing."""
        self.renderer = ""
        """What rendered them, with its version; "" if there was nothing to render."""
        self.closed = True

    def documents(
        self, kustomization: Kustomization, namespace: str
    ) -> Iterator[tuple[Reference, tuple[Document | Failure, ...]]]:
        """The objects of each chart that is in the tree; `namespace` is said by the kustomization or those above it."""
        absent: dict[str, Entry] = {}
        for entry in entries_of(kustomization, self._tree):
            if entry.chart.reach is not Reach.DIRECTORY:
                absent.setdefault(entry.field, entry)
                continue
            try:
                yield entry.chart, tuple(self._inflated(entry, namespace))
            except Refused as refused:
                self._refuse(refused)
        for field, item in unnamed(kustomization):
            self._refuse(Refused(f"kustomize refuses a chart in `{field}` without a name", item.location))
        for field, entry in absent.items():
            at = Location(entry.at.path, kustomization.fields[field].key_span, f"/{field}")
            self._refuse(Refused(f"`{field}` {NEEDS_KUSTOMIZE}", at, _REMEDY))

    def _inflated(self, entry: Entry, namespace: str) -> Iterator[Document | Failure]:
        from netpol_lint.render.helm import render  # few kustomizations have charts

        self._count += 1
        if self._count > _MOST_CHARTS:
            raise Refused(f"more than {_MOST_CHARTS} charts in one build are not rendered", entry.at)
        files, inline = _values(entry, self._tree)
        job = self._job._replace(
            kind="helm",
            root=entry.chart.path,
            namespace=entry.text("namespace") or namespace,
            release=_release(entry),
            values=files,
            set_values=inline,
        )
        rendered = render(job, self._tree, default_namespace=_NAMESPACE, renderer=self._renderer)
        for path in (*rendered.used, *(file.path for file in (*entry.values, *entry.more_values))):
            self._use(path)
        self.problems += (self._problem(problem, job) for problem in rendered.problems)
        self.switched_off += rendered.switched_off
        self.closed = self.closed and rendered.closed
        self.renderer = rendered.renderer
        if entry.says("includeCRDs"):
            yield from _definitions(entry.chart.path, self._tree)
        hookless = entry.says("skipHooks")
        yield from (one for one in rendered.documents if not (hookless and _is_hook(one)))

    def _problem(self, problem: NotRendered, job: Job) -> NotRendered:
        by_helm, by_kustomize = f"`helm template {job.root} |", f"`kustomize build --enable-helm {self._job.root} |"
        return problem._replace(job=self._job, remedy=problem.remedy.replace(by_helm, by_kustomize))


def _release(entry: Entry) -> str:
    template = entry.text("nameTemplate")
    if "{{" in template:
        raise Refused("the chart's `nameTemplate` is known only when it is deployed", entry.at, "give a `releaseName`")
    return entry.text("releaseName", "releaseName") or template or _RELEASE


def _values(entry: Entry, tree: Tree) -> tuple[tuple[str, ...], Data[str, Any] | tuple[()]]:
    """Files of values, in their order, and values that go over them."""
    from netpol_lint.render.helm.conditions import read_values

    for file in (*entry.values, *entry.more_values):
        if file.reach is not Reach.FILE:
            raise not_read(file._replace(problem=file.problem or "it is a directory"), "the values file")
    own = tuple(file.path for file in entry.values)
    more = tuple(file.path for file in entry.more_values)
    merge = entry.text("valuesMerge", "valuesMerge")
    if merge not in _MERGES:
        raise Refused(f"kustomize knows no `valuesMerge: {merge}`", entry.at, "it is override, merge or replace")
    inline: dict[str, Any] = plain_data(entry.inline) if entry.inline is not None else {}
    if not inline:
        return (*own, *more), ()
    values = inline
    if merge == "merge":
        values = _over(inline, read_values(own[0] if own else posixpath.join(entry.chart.path, "values.yaml"), tree))
    elif merge != "replace":
        values = _over(read_values(own[0], tree) if own else {}, inline)
    for path in more:
        values = _over(values, read_values(path, tree))
    return (), values


def _over(under: Data[str, Any], over: Data[str, Any]) -> dict[str, Any]:
    """Mappings merge key by key, null takes a key away, anything else replaces what was there."""
    result = dict(under)
    for key, value in over.items():
        old = result.get(key)
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _over(old if isinstance(old, dict) else {}, value) if isinstance(value, dict) else value
    return result


def _definitions(directory: str, tree: Tree) -> Iterator[Document | Failure]:
    """What is in the `crds` of a chart, which patches of the kustomization may be for."""
    below = posixpath.join(directory, "crds")
    names = tree.list(below) if tree.is_directory(below) else ()
    for name in () if isinstance(names, Trouble) else names:
        path = posixpath.join(below, name)
        documents = tree.documents(path) if tree.is_file(path) else ()
        yield from () if isinstance(documents, Trouble) else documents


def _is_hook(document: Document | Failure) -> bool:
    metadata = document.root.get("metadata") if isinstance(document, Document) else ()
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else ()
    return isinstance(annotations, Mapping) and isinstance(annotations.get("helm.sh/hook"), Scalar)
