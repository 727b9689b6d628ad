"""A prepared chart rendered plainly, and once more with marked templates that tell where each line comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.helm.bounded import Allowance
from netpol_lint.render.helm.copying import Copy
from netpol_lint.render.helm.manifests import Manifest
from netpol_lint.render.helm.markers import Place, bare, marked, places
from netpol_lint.render.helm.programs import Renderer
from netpol_lint.render.helm.renders import Output, Request, rendered

_MARKED: Final = re.compile(r"(?:charts/[^/]+/)*(?:templates|crds)/(?:.*/)?(?!_)[^/]+\.(?:ya?ml|tpl)")


class Traced(NamedTuple):
    """A document, and where its lines come from."""

    manifest: Manifest
    places: tuple[Place, ...]
    """Of its lines; none if the marked render went another way."""


class Trace(NamedTuple):
    """What both renders gave."""

    documents: tuple[Traced, ...]
    """By template and text, so that they come in the same order from every renderer."""
    numbers: Mapping[str, int]
    """The number that stands in places for each file of the copy that was marked."""
    error: str
    """Of the plain render."""


def traced(copy: Copy, request: Request, renderer: Renderer, allowance: Allowance) -> Trace:
    """Write the chart to the request's directory and render it."""
    write(copy.files, Path(request.directory))
    plain = rendered(request, renderer, allowance)
    if not plain.manifests:
        return Trace((), {}, plain.error)
    paths = [path for path, origin in copy.origins.items() if origin and _MARKED.fullmatch(path)]
    templates = [marked(copy.files[path].decode("utf-8", "replace"), number) for number, path in enumerate(paths)]
    marked_files = {path: template.text.encode() for path, template in zip(paths, templates, strict=True)}
    write(marked_files, Path(request.directory))
    second = rendered(request, renderer, allowance, even_if_not_yaml=True)
    documents = _matched(plain, second, [template.outputs for template in templates])
    by_text = sorted(documents, key=lambda document: (document.manifest.source, document.manifest.text))
    return Trace(tuple(by_text), {path: number for number, path in enumerate(paths)}, plain.error)


def write(files: Mapping[str, bytes], directory: Path) -> None:
    """Write files below a directory."""
    for path, data in files.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _matched(plain: Output, second: Output, outputs: list[frozenset[int]]) -> Iterator[Traced]:
    by_ordinal = {(item.source, item.ordinal): item.text for item in second.manifests}
    by_text = {(item.source, bare(item.text)): item.text for item in second.manifests}
    for manifest in plain.manifests:  # markers may spoil the YAML, which Helm then gives in another order
        other = by_text.get((manifest.source, bare(manifest.text)))
        if other is None:
            other = by_ordinal.get((manifest.source, manifest.ordinal), "")
        yield Traced(manifest, places(manifest.text, other, outputs))
