"""A chart with one set of values as the documents it stands for: prepared, rendered twice, each at its line."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from netpol_lint.render.files import Tree
from netpol_lint.render.helm.bounded import Allowance
from netpol_lint.render.helm.chart import Chart, NoChart, chart_of
from netpol_lint.render.helm.conditions import values_of
from netpol_lint.render.helm.copying import Copy, NotCopied, copy_of
from netpol_lint.render.helm.dependencies import complete
from netpol_lint.render.helm.manifests import Manifest
from netpol_lint.render.helm.markers import Marked, Place, marked, places
from netpol_lint.render.helm.placing import Template, documents_of, template_lines
from netpol_lint.render.helm.programs import Renderer
from netpol_lint.render.helm.renders import Output, Request, rendered
from netpol_lint.render.helm.sources import sources_of
from netpol_lint.render.jobs import Job, NotRendered, Rendered
from netpol_lint.source.documents import Document, Failure
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location, Span

_RELEASE: Final = re.compile(r"[a-z0-9](?:[-a-z0-9.]{0,51}[a-z0-9])?")
_NAMESPACE: Final = re.compile(r"[!-~]{1,253}")
_MARKED: Final = re.compile(r"(?:charts/[^/]+/)*(?:templates|crds)/(?:.*/)?(?!_)[^/]+\.(?:ya?ml|tpl)")
_AT_LINE: Final = re.compile(r"([^\s:()\"']+/[^\s:()\"']+)(?::(\d+))?")
_LONGEST_REASON: Final = 400


class Rendering:
    """Carries out one job."""

    def __init__(self, job: Job, tree: Tree, namespace: str, renderer: Renderer, allowance: Allowance) -> None:
        self._job = job
        self._tree = tree
        self._namespace = job.namespace or namespace
        self._renderer = renderer
        self._allowance = allowance
        self._used: set[str] = set()

    def run(self) -> Rendered:
        """What the job gives; whatever goes wrong is a problem of it."""
        chart = chart_of(self._job.root, self._tree)
        if isinstance(chart, NoChart):
            return self._nothing(chart)
        if chart.type == "library":
            return Rendered(self._job, (), frozenset({chart.at.path}), (), True, self._renderer.name)
        try:
            return self._render(chart)
        except NotCopied as error:
            return self._nothing(error.why)

    def _nothing(self, why: NoChart) -> Rendered:
        problem = NotRendered(self._job, why.reason, why.at, why.remedy)
        return Rendered(self._job, (), frozenset(self._used | {why.at.path}), (problem,), False, self._renderer.name)

    def _render(self, chart: Chart) -> Rendered:
        release = self._release(chart)
        copy = copy_of(chart.directory, self._tree)
        values = [self._values(path, chart) for path in self._job.values]
        complete(
            copy, chart, values_of(chart.directory, self._job.values, self._job.set_values, self._tree), self._tree
        )
        self._used |= copy.used | set(self._job.values)
        if self._renderer.kind == "none":
            remedy = (
                "put `helm` on PATH, or `pip install 'netpol-lint[helm]'`, "
                f"or render it yourself: `helm template {chart.directory} | netpol-lint check -`"
            )
            return self._nothing(NoChart(self._renderer.trouble, chart.at, remedy))
        if self._job.set_values:
            values.append(json.dumps(dict(self._job.set_values)).encode())
        with tempfile.TemporaryDirectory(prefix="netpol-lint-") as temporary:
            home = Path(temporary, "home")
            home.mkdir()
            request = Request(
                str(Path(temporary, "chart")), str(home), _written(values, Path(temporary)), release, self._namespace
            )
            return self._twice(chart, copy, request)

    def _twice(self, chart: Chart, copy: Copy, request: Request) -> Rendered:
        _write(copy.files, Path(request.directory))
        plain = rendered(request, self._renderer, self._allowance)
        sources = sources_of(copy, chart)
        problems: list[NotRendered] = []
        if plain.error:
            problems.append(self._refused(chart, copy, sources, plain.error, request))
        if not plain.manifests:
            return self._result((), problems)
        numbers = {path: number for number, path in enumerate(filter(_is_marked(copy), copy.files))}
        templates = {path: marked(copy.files[path].decode("utf-8", "replace"), numbers[path]) for path in numbers}
        _write({path: template.text.encode() for path, template in templates.items()}, Path(request.directory))
        second = rendered(request, self._renderer, self._allowance)
        documents: list[Document | Failure] = []
        for manifest, found in zip(plain.manifests, _places(plain, second, list(templates.values())), strict=True):
            path = sources.get(manifest.source, "")
            template = _template(copy, path, chart)
            number = numbers.get(path, -2)
            documents += documents_of(manifest, template, found, number, self._namespace, self._tree.limits)
        failures = [item for item in documents if isinstance(item, Failure)]
        if not plain.error:
            problems += [
                NotRendered(self._job, f"its output is not read: {item.message}", item.at) for item in failures
            ]
        return self._result(documents, problems)

    def _result(self, documents: Sequence[Document | Failure], problems: Sequence[NotRendered]) -> Rendered:
        return Rendered(
            self._job, tuple(documents), frozenset(self._used), tuple(problems), not problems, self._renderer.name
        )

    def _release(self, chart: Chart) -> str:
        """The release's name, else the chart's, as far as Helm takes it for one."""
        if not _NAMESPACE.fullmatch(self._namespace):
            raise NotCopied(NoChart(f"{self._namespace!a} is no name of a namespace", chart.at))
        if not self._job.release:
            name = re.sub(r"[^a-z0-9]+", "-", chart.name.lower()).strip("-")[:53].rstrip("-")
            return name or "release"
        if not _RELEASE.fullmatch(self._job.release):
            raise NotCopied(NoChart(f"{self._job.release!a} is no name of a release", chart.at))
        return self._job.release

    def _values(self, path: str, chart: Chart) -> bytes:
        data = self._tree.read(path)
        if isinstance(data, Trouble):
            raise NotCopied(NoChart(f"its values {path} cannot be read: {data.message}", chart.at))
        return data

    def _refused(self, chart: Chart, copy: Copy, sources: dict[str, str], error: str, request: Request) -> NotRendered:
        """Helm's own words, at the template and line they name."""
        words = error.replace(f"{request.directory}/", "").replace(request.directory, chart.directory)
        reason = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        if len(reason) > _LONGEST_REASON:
            reason = f"{reason[:_LONGEST_REASON]}…"
        at = next(_named_places(reason, sources, copy), chart.at)
        remedy = f"see what `helm template {chart.directory}` says; values that it needs can be named in the config"
        return NotRendered(self._job, f"{self._renderer.name}: {reason}", at, remedy)


def _named_places(reason: str, sources: dict[str, str], copy: Copy) -> Iterator[Location]:
    not_yaml = reason.startswith("YAML parse error")  # its lines are those of the output
    for match in _AT_LINE.finditer(reason):
        path = sources.get(match[1], "")
        if path and copy.origins[path]:
            line = int(match[2][:9]) if match[2] and not not_yaml else 1
            yield Location(copy.origins[path], Span(line, 1, line, 2))


def _places(plain: Output, second: Output, templates: list[Marked]) -> Iterator[list[Place]]:
    """The places of the lines of each plain document; none where the second render went another way."""
    found: dict[tuple[str, int], Manifest] = {(item.source, item.ordinal): item for item in second.manifests}
    outputs = [template.outputs for template in templates]
    for manifest in plain.manifests:
        other = found.get((manifest.source, manifest.ordinal))
        yield (places(manifest.text, other.text, outputs) if other is not None else None) or []


def _template(copy: Copy, path: str, chart: Chart) -> Template:
    """Where to point for what a file of the copy gives: the file, or for one in an archive the dependency's entry."""
    origin = copy.origins.get(path, "")
    if origin:
        return Template(origin, template_lines(copy.files, path))
    name = path.split("/")[1] if path.startswith("charts/") else ""
    entry = next((item.at for item in chart.dependencies if item.name and name.startswith(item.name)), chart.at)
    return Template(entry.path, (), entry.span.line)


def _is_marked(copy: Copy) -> Callable[[str], bool]:
    return lambda path: bool(copy.origins[path]) and _MARKED.fullmatch(path) is not None


def _write(files: dict[str, bytes], directory: Path) -> None:
    for path, data in files.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _written(values: Sequence[bytes], directory: Path) -> tuple[str, ...]:
    """Values files under names that no option splits at a comma."""
    paths = [directory / f"values-{number}.yaml" for number in range(len(values))]
    for path, data in zip(paths, values, strict=True):
        path.write_bytes(data)
    return tuple(map(str, paths))
