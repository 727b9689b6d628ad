"""A chart with one set of values as the documents it stands for, and what is wrong with it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from netpol_lint.render.files import Tree
from netpol_lint.render.helm.bounded import Allowance
from netpol_lint.render.helm.chart import Chart, NoChart, chart_of
from netpol_lint.render.helm.conditions import values_of
from netpol_lint.render.helm.copying import Copy, NotCopied, copy_of
from netpol_lint.render.helm.dependencies import complete
from netpol_lint.render.helm.placing import Template, documents_of
from netpol_lint.render.helm.programs import Renderer
from netpol_lint.render.helm.renders import NOT_YAML, Request
from netpol_lint.render.helm.sources import Sources
from netpol_lint.render.helm.tracing import Trace, traced, write
from netpol_lint.render.jobs import Job, NotRendered, Rendered
from netpol_lint.source.documents import Document, Failure
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location, Span

_RELEASE: Final = re.compile(r"[a-z0-9](?:[-a-z0-9.]{0,51}[a-z0-9])?")
_NO_RELEASE: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_RELEASE: Final = 53
_NAMESPACE: Final = re.compile(r"[!-~]{1,253}")
_TEMPLATE_LINE: Final = re.compile(r"([^\s:()\"']+/[^\s:()\"']+)(?::(\d{1,9}))?")
_IN_TEMPLATES: Final = re.compile(r"(?:^|/)templates/.*\.ya?ml$")
_MAKES_PODS: Final = re.compile(rb"^kind:[ \t]*(?:Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod)\b", re.MULTILINE)
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
            return self._refused(chart)
        self._used.add(chart.at.path)
        if chart.type == "library":  # Helm deploys it only as a part of other charts
            return self._result((), ())
        if self._renderer.kind == "none":
            return self._refused(self._without_renderer(chart))
        try:
            return self._render(chart)
        except NotCopied as error:
            return self._refused(error.why)

    def _render(self, chart: Chart) -> Rendered:
        release, values = self._release(chart), self._values(chart)
        copy = copy_of(chart.directory, self._tree)
        deciding = values_of(chart.directory, self._job.values, self._job.set_values, self._tree)
        missing = complete(copy, chart, deciding, self._tree)
        self._used |= copy.used
        with tempfile.TemporaryDirectory(prefix="netpol-lint-") as temporary:
            below = Path(temporary)
            (below / "home").mkdir()
            write(values, below)
            paths = tuple(str(below / name) for name in values)
            request = Request(str(below / "chart"), str(below / "home"), paths, release, self._namespace)
            trace = traced(copy, request, self._renderer, self._allowance)
        sources = Sources(copy, chart)
        found = list(self._documents(chart, copy, sources, trace))
        failures = [item for item in found if isinstance(item, Failure)]
        problems = [self._problem(f"what it renders to cannot be read: {item.message}", item.at) for item in failures]
        problems += [NotRendered(self._job, one.reason, one.at, one.remedy, self._named) for one in missing]
        if trace.error and not missing and not (failures and NOT_YAML in trace.error):
            words = trace.error.replace(f"{request.directory}/", "").replace(request.directory, chart.directory)
            problems.append(self._problem(_told(words), next(_named(words, sources, copy), chart.at)))
        result = self._result([item for item in found if isinstance(item, Document)], problems)
        return result._replace(switched_off=tuple(_switched_off(copy, sources, trace)))

    def _documents(self, chart: Chart, copy: Copy, sources: Sources, trace: Trace) -> Iterator[Document | Failure]:
        templates: dict[str, Template] = {}
        for document in trace.documents:
            path = sources.path(document.manifest.source)
            if path not in templates:
                templates[path] = _template(copy, path, chart)
            number = trace.numbers.get(path, -1)
            yield from documents_of(document, templates[path], number, self._namespace, self._tree.limits)

    def _release(self, chart: Chart) -> str:
        """The release's name, else the chart's, as far as Helm takes it for one."""
        if not _NAMESPACE.fullmatch(self._namespace):
            raise NotCopied(NoChart(f"{self._namespace!a} is no name of a namespace", chart.at))
        if not self._job.release:
            name = _NO_RELEASE.sub("-", chart.name.lower()).strip("-")
            return name[:_LONGEST_RELEASE].rstrip("-") or "release"
        if not _RELEASE.fullmatch(self._job.release):
            raise NotCopied(NoChart(f"{self._job.release!a} is no name of a release", chart.at))
        return self._job.release

    def _values(self, chart: Chart) -> dict[str, bytes]:
        """The files of values, under names that no option of Helm's splits at a comma."""
        found: list[bytes] = []
        for path in self._job.values:
            data = self._tree.read(path)
            if isinstance(data, Trouble):
                raise NotCopied(NoChart(f"its values {path} cannot be read: {data.message}", chart.at))
            found.append(data)
            self._used.add(path)
        if self._job.set_values:
            import json  # YAML as well

            found.append(json.dumps(dict(self._job.set_values), default=str).encode())
        return {f"values-{number}.yaml": data for number, data in enumerate(found)}

    def _without_renderer(self, chart: Chart) -> NoChart:
        remedy = (
            "put `helm` on PATH, or `pip install 'netpol-lint[helm]'`, "
            f"or render it yourself: `helm template {chart.directory} | netpol-lint check -`"
        )
        return NoChart(self._renderer.trouble, chart.at, remedy)

    def _problem(self, reason: str, at: Location) -> NotRendered:
        remedy = (
            f"see what `helm template {self._job.root or '.'}` says; the values it needs can be named in the config"
        )
        return NotRendered(self._job, reason, at, remedy, self._named)

    def _refused(self, why: NoChart) -> Rendered:
        self._used.add(why.at.path)
        return self._result((), (NotRendered(self._job, why.reason, why.at, why.remedy, self._named),))

    @property
    def _named(self) -> str:
        return self._renderer.name if self._renderer.kind != "none" else ""

    def _result(self, documents: Sequence[Document | Failure], problems: Sequence[NotRendered]) -> Rendered:
        return Rendered(
            self._job,
            tuple(documents),
            frozenset(self._used),
            tuple(problems),
            closed=not problems,
            renderer=self._renderer.name,
        )


def _switched_off(copy: Copy, sources: Sources, trace: Trace) -> Iterator[str]:
    """Path and text of each template with pods that gave nothing."""
    gave = {sources.path(document.manifest.source) for document in trace.documents}
    for path, data in copy.files.items():
        if path not in gave and _IN_TEMPLATES.search(path) and _MAKES_PODS.search(data):
            yield f"{path}\n{data.decode('utf-8', 'replace')}"


def _told(words: str) -> str:
    """Helm's words on one line of printable characters, not too long."""
    line = " ".join("".join(character if character.isprintable() else " " for character in words).split())
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}…"


def _named(words: str, sources: Sources, copy: Copy) -> Iterator[Location]:
    """The templates, with their lines, that Helm's words name."""
    for match in _TEMPLATE_LINE.finditer(words):
        path = copy.origins.get(sources.path(match[1]), "")
        if path:
            line = max(int(match[2] or 1), 1)
            yield Location(path, Span(line, 1, line, 2))


def _template(copy: Copy, path: str, chart: Chart) -> Template:
    """Where to point for what a file of the copy gives: the file, or for one in an archive the dependency's entry."""
    origin = copy.origins.get(path, "")
    if origin:
        text = copy.files[path].decode("utf-8", "replace").removeprefix("\ufeff")
        return Template(origin, tuple(line.removesuffix("\r") for line in text.split("\n")))
    directory = path.split("/")[1] if path.startswith("charts/") else ""
    entry = next((item.at for item in chart.dependencies if directory.startswith(item.name)), chart.at)
    return Template(entry.path, (), entry.span)
