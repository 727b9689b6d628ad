"""What Argo CD and Flux are told to deploy: which path or chart goes to which namespace and cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping as Labels
from itertools import islice
from typing import Any, Final

from netpol_lint.records import NamedTuple
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence, plain_data

_MOST_ELEMENTS: Final = 1_000


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


def roots_in(document: Document) -> Iterator[Root]:
    """What an object of one of the `ROOT_KINDS` deploys; nothing for kinds of the same name in other groups."""
    group = document.api_version.rpartition("/")[0]
    spec = document.root.get("spec")
    if not isinstance(spec, Mapping):
        return
    match group, document.kind:
        case "argoproj.io", "Application":
            yield from _application(document, spec, {})
        case "argoproj.io", "ApplicationSet":
            template = _mapping(spec, "template")
            written = _text(_mapping(template, "metadata"), "name")
            elements = list(islice(_elements(spec), _MOST_ELEMENTS))
            left_out = _count_elements(spec) - len(elements)
            for values in elements:
                for root in _application(document, _mapping(template, "spec"), values):
                    yield root._replace(name=_filled(written, values) or root.name, left_out=left_out)
                    left_out = 0
        case "kustomize.toolkit.fluxcd.io", "Kustomization":
            yield Root(
                document.kind,
                *_name(document),
                path=_path(_text(spec, "path") or "."),
                namespace=_text(spec, "targetNamespace"),
                cluster=_text(_mapping(_mapping(spec, "kubeConfig"), "secretRef"), "name"),
                recurse=True,
                sets_namespace=bool(_text(spec, "targetNamespace")),
                variables=dict(_variables(_mapping(_mapping(spec, "postBuild"), "substitute"))),
                repository="/".join(_text(_mapping(spec, "sourceRef"), key) for key in ("kind", "namespace", "name")),
                variables_from=tuple(_sources(_items(_mapping(spec, "postBuild"), "substituteFrom"))),
            )
        case "helm.toolkit.fluxcd.io", "HelmRelease":
            yield _helm_release(document, spec)
        case _:
            return


def _application(document: Document, spec: object, known: Labels[str, str]) -> Iterator[Root]:
    destination = _mapping(spec, "destination")
    sources = spec.get("sources") if isinstance(spec, Mapping) else ()
    several = tuple(sources) if isinstance(sources, Sequence) else ()
    for source in several or (_mapping(spec, "source"),):
        path, chart = _filled(_text(source, "path"), known), _filled(_text(source, "chart"), known)
        if not path and not chart:
            continue
        helm = _mapping(source, "helm")
        own = {_text(other, "ref") for other in several if _text(other, "repoURL") == _text(source, "repoURL")}
        where = {**known, "path": path, "path.path": path, "path.basename": path.rpartition("/")[2]}
        namespace = _filled(_text(destination, "namespace"), known if "*" in path else where)
        name, at = _name(document)
        yield Root(
            document.kind,
            name,
            at,
            "" if chart else _path(path),
            "" if "{{" in namespace else namespace,
            _filled(_text(destination, "name") or _text(destination, "server"), where),
            _text(_mapping(source, "directory"), "recurse") == "true",
            _text(helm, "releaseName") or (name if document.kind == "Application" else ""),
            chart,
            tuple(_value_files(helm, where, own)),
            _values(helm),
            repository=_text(source, "repoURL"),
        )


def _value_files(helm: Mapping | tuple[()], known: Labels[str, str], own: set[str]) -> Iterator[str]:
    """The values files in the chart's own repository, which sources of these names (`$values/prod.yaml`) are too."""
    for text in _texts(helm, "valueFiles"):
        written = _filled(text, known)
        source, slash, path = written.removeprefix("$").partition("/")
        if written.startswith("$"):
            written = f"/{path}" if slash and source in own else ""
        if written and "://" not in written:
            yield written


def _elements(spec: Mapping) -> Iterator[dict[str, str]]:
    """What the generators of an ApplicationSet fill in, as far as its manifest says so."""
    generators = spec.get("generators")
    found = False
    for generator in generators if isinstance(generators, Sequence) else ():
        elements = _mapping(generator, "list")
        for element in _items(elements, "elements"):
            if isinstance(element, Mapping):
                found = True
                yield {key: value.text for key, _, value in element if isinstance(value, Scalar)}
        for directory in _items(_mapping(generator, "git"), "directories"):
            path = _text(directory, "path")
            if path and _text(directory, "exclude") != "true":
                found = True
                yield {"path": path, "path.path": path}
    if not found:
        yield {}


def _count_elements(spec: Mapping) -> int:
    return sum(1 for _ in _elements(spec))


def _filled(text: str, known: Labels[str, str]) -> str:
    """A template's text with what the generators say of it; "" if something stays unknown."""
    if "{{" not in text:
        return text
    for key, value in known.items():
        for written in (f"{{{{{key}}}}}", f"{{{{ {key} }}}}", f"{{{{.{key}}}}}", f"{{{{ .{key} }}}}"):
            text = text.replace(written, value)
    return "" if "{{" in text else text


def _helm_release(document: Document, spec: Mapping) -> Root:
    name, at = _name(document)
    own = _text(_mapping(document.root, "metadata"), "namespace")
    chart = _mapping(_mapping(spec, "chart"), "spec")
    named = _text(chart, "chart")
    is_local = named.startswith(("./", "../")) or _text(_mapping(chart, "sourceRef"), "kind") == "GitRepository"
    values = spec.get("values")
    return Root(
        document.kind,
        name,
        at,
        path=_path(named) if is_local and named else "",
        namespace=_text(spec, "targetNamespace") or own,
        release=_text(spec, "releaseName") or name,
        chart="" if is_local else named or _text(_mapping(spec, "chartRef"), "name") or name,
        values=tuple(_texts(chart, "valuesFiles")),
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
    return (_text(item, "name") for item in items if _text(item, "kind") == "ConfigMap")


def _name(document: Document) -> tuple[str, Location]:
    node = _mapping(document.root, "metadata")
    name = node.get("name") if isinstance(node, Mapping) else ()
    if isinstance(name, Scalar):
        return name.text, name.location
    return "", document.root.location


def _path(text: str) -> str:
    """A path of a repository as the others write it: no `./`, no slash at its ends, "." for the top."""
    import posixpath

    return posixpath.normpath(text.strip().strip("/") or ".")


def _mapping(node: object, key: str) -> Mapping | tuple[()]:
    value = node.get(key) if isinstance(node, Mapping) else ()
    return value if isinstance(value, Mapping) else ()


def _text(node: object, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else ()
    return value.text if isinstance(value, Scalar) and value.value is not None else ""


def _items(node: object, key: str) -> tuple[Node, ...]:
    value = node.get(key) if isinstance(node, Mapping) else ()
    return tuple(value) if isinstance(value, Sequence) else ()


def _texts(node: object, key: str) -> tuple[str, ...]:
    return tuple(item.text for item in _items(node, key) if isinstance(item, Scalar))
