"""What Argo CD and Flux are told to deploy: which path or chart goes to which namespace and cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping as Labels
from typing import Any

from netpol_lint.records import NamedTuple
from netpol_lint.render.plan.fields import items_at, mapping_at, text_at, texts_at
from netpol_lint.render.plan.generators import NO_FILES, Files, elements_of, filled, path_parameters, reads_files
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence, plain_data


class Root(NamedTuple):
    """One thing that Argo CD or Flux deploys."""

    kind: str
    """The kind of the object that says so."""
    name: str
    at: Location
    """The name of the object that says so."""
    path: str = ""
    """The directory in its repository; "" for a chart from elsewhere. May hold `*` for an ApplicationSet's."""
    namespace: str = ""
    """The namespace of objects that name none; "" if nothing is said, or only when it is deployed."""
    cluster: str = ""
    recurse: bool = False
    """Whether plain manifests count in the directories below, too."""
    release: str = ""
    chart: str = ""
    """The name of a chart that is not in the repository."""
    values: tuple[str, ...] = ()
    """Values files, relative to the chart, with a slash before them to the top of its repository; none of others."""
    set_values: Labels[str, Any] | tuple[()] = ()
    sets_namespace: bool = False
    """Whether `namespace` takes the place of what objects say themselves."""
    variables: Labels[str, str] | tuple[()] = ()
    """Flux: `postBuild.substitute`."""
    variables_from: tuple[str, ...] = ()
    """Flux: the names of ConfigMaps with more of them, in order; `substitute` goes before them."""
    repository: str = ""
    """What it calls the repository of its path."""
    left_out: int = 0
    """How many elements of an ApplicationSet's generators are too many to be looked at."""
    reads_files: bool = False
    """Whether it stands for an ApplicationSet that reads files of its repository, and deploys nothing itself."""
    is_rendered: bool = False
    """Whether the object is as a renderer made it, and not as it stands in a file."""


def roots_in(document: Document, files: Files = NO_FILES) -> Iterator[Root]:
    """What an object of one of the `ROOT_KINDS` deploys; nothing for kinds of the same name in other groups.

    `files` are those that generators of an ApplicationSet read; its roots with `reads_files` tell that there are some.
    """
    group = document.api_version.rpartition("/")[0]
    spec = document.root.get("spec")
    if not isinstance(spec, Mapping):
        return
    match group, document.kind:
        case "argoproj.io", "Application":
            yield from _application(document, spec, {})
        case "argoproj.io", "ApplicationSet":
            yield from _application_set(document, spec, files)
        case "kustomize.toolkit.fluxcd.io", "Kustomization":
            yield Root(
                document.kind,
                *_name(document),
                path=_path(text_at(spec, "path") or "."),
                namespace=text_at(spec, "targetNamespace"),
                cluster=text_at(mapping_at(mapping_at(spec, "kubeConfig"), "secretRef"), "name"),
                recurse=True,
                sets_namespace=bool(text_at(spec, "targetNamespace")),
                variables=dict(_variables(mapping_at(mapping_at(spec, "postBuild"), "substitute"))),
                repository="/".join(
                    text_at(mapping_at(spec, "sourceRef"), key) for key in ("kind", "namespace", "name")
                ),
                variables_from=tuple(_sources(items_at(mapping_at(spec, "postBuild"), "substituteFrom"))),
            )
        case "helm.toolkit.fluxcd.io", "HelmRelease":
            yield _helm_release(document, spec)
        case _:
            return


def _application_set(document: Document, spec: Mapping, files: Files) -> Iterator[Root]:
    elements, left_out = elements_of(spec, files)
    if reads_files(spec):
        yield Root(document.kind, *_name(document), left_out=left_out, reads_files=True)
        left_out = 0
    template = mapping_at(spec, "template")
    written = text_at(mapping_at(template, "metadata"), "name")
    for values in elements:
        for root in _application(document, mapping_at(template, "spec"), values):
            yield root._replace(name=filled(written, values) or root.name, left_out=left_out)
            left_out = 0


def _application(document: Document, spec: object, known: Labels[str, str]) -> Iterator[Root]:
    destination = mapping_at(spec, "destination")
    sources = spec.get("sources") if isinstance(spec, Mapping) else ()
    several = tuple(sources) if isinstance(sources, Sequence) else ()
    for source in several or (mapping_at(spec, "source"),):
        path, chart = filled(text_at(source, "path"), known), filled(text_at(source, "chart"), known)
        if not path and not chart:
            continue
        helm = mapping_at(source, "helm")
        own = {text_at(other, "ref") for other in several if text_at(other, "repoURL") == text_at(source, "repoURL")}
        where = {**dict(path_parameters(path)), **known} if "*" in path else known
        namespace = filled(text_at(destination, "namespace"), known)
        name, at = _name(document)
        yield Root(
            document.kind,
            name,
            at,
            "" if chart else _path(path),
            namespace,
            filled(text_at(destination, "name") or text_at(destination, "server"), where),
            text_at(mapping_at(source, "directory"), "recurse") == "true",
            filled(text_at(helm, "releaseName"), where) or (name if document.kind == "Application" else ""),
            chart,
            tuple(_value_files(helm, where, own)),
            _values(helm),
            repository=text_at(source, "repoURL"),
        )


def _value_files(helm: Mapping | tuple[()], known: Labels[str, str], own: set[str]) -> Iterator[str]:
    """The values files in the chart's own repository, which sources of these names (`$values/prod.yaml`) are too."""
    for text in texts_at(helm, "valueFiles"):
        written = filled(text, known)
        source, slash, path = written.removeprefix("$").partition("/")
        if written.startswith("$"):
            written = f"/{path}" if slash and source in own else ""
        if written and "://" not in written:
            yield written


def _helm_release(document: Document, spec: Mapping) -> Root:
    name, at = _name(document)
    own = text_at(mapping_at(document.root, "metadata"), "namespace")
    chart = mapping_at(mapping_at(spec, "chart"), "spec")
    named = text_at(chart, "chart")
    is_local = named.startswith(("./", "../")) or text_at(mapping_at(chart, "sourceRef"), "kind") == "GitRepository"
    values = spec.get("values")
    return Root(
        document.kind,
        name,
        at,
        path=_path(named) if is_local and named else "",
        namespace=text_at(spec, "targetNamespace") or own,
        release=text_at(spec, "releaseName") or name,
        chart="" if is_local else named or text_at(mapping_at(spec, "chartRef"), "name") or name,
        values=tuple(texts_at(chart, "valuesFiles")),
        set_values=plain_data(values) if isinstance(values, Mapping) else (),
    )


def _values(helm: Mapping | tuple[()]) -> Labels[str, Any] | tuple[()]:
    if not isinstance(helm, Mapping) or not any(key in helm for key in ("valuesObject", "values", "parameters")):
        return ()
    from netpol_lint.render.plan.helm_values import given_values  # few applications have any

    return given_values(helm)


def _variables(node: Mapping | tuple[()]) -> Iterator[tuple[str, str]]:
    for key, _, value in node:
        if isinstance(value, Scalar):
            yield key, value.text


def _sources(items: Iterable[Node]) -> Iterator[str]:
    """The ConfigMaps among them: what is in a Secret is nobody's business, and would show in messages."""
    return (text_at(item, "name") for item in items if text_at(item, "kind") == "ConfigMap")


def _name(document: Document) -> tuple[str, Location]:
    node = mapping_at(document.root, "metadata")
    name = node.get("name") if isinstance(node, Mapping) else ()
    if isinstance(name, Scalar):
        return name.text, name.location
    return "", document.root.location


def _path(text: str) -> str:
    """A path of a repository as the others write it: no `./`, no slash at its ends, "." for the top."""
    import posixpath

    return posixpath.normpath(text.strip().strip("/") or ".")
