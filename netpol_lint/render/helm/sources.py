"""Which file of a prepared chart Helm means when it names a template."""

from __future__ import annotations

import posixpath

from netpol_lint.render.helm.chart import Chart, text_of
from netpol_lint.render.helm.copying import Copy
from netpol_lint.render.helm.dependencies import names_below
from netpol_lint.source.documents import read_trees
from netpol_lint.source.tree import Mapping, Sequence


class Sources:
    """The files of a copy by Helm's names for them: `chart/charts/alias/templates/x.yaml`."""

    def __init__(self, copy: Copy, chart: Chart) -> None:
        self._copy = copy
        self._start = f"{chart.name}/"
        self._directories: dict[str, dict[str, str]] = {}

    def path(self, source: str) -> str:
        """The path in the copy, "" if there is no such file. Directories of subcharts may be called differently."""
        if not source.startswith(self._start):
            return ""
        directory, rest = "", source.removeprefix(self._start)
        while rest.startswith("charts/"):
            _, name, rest = rest.split("/", 2) if rest.count("/") > 1 else ("", "", "")
            directory = self._subcharts(directory).get(name, "")
            if not directory:
                return ""
        path = posixpath.join(directory, rest)
        return path if path in self._copy.files else ""

    def _subcharts(self, directory: str) -> dict[str, str]:
        """The directories of a chart's subcharts, by name and by alias."""
        known = self._directories.get(directory)
        if known is None:
            known = names_below(self._copy, directory)
            known |= {alias: known[name] for alias, name in self._aliases(directory).items() if name in known}
            self._directories[directory] = known
        return known

    def _aliases(self, directory: str) -> dict[str, str]:
        """Which name each alias stands for."""
        found: dict[str, str] = {}
        for file in ("Chart.yaml", "requirements.yaml"):
            path = posixpath.join(directory, file)
            root = next(iter(read_trees(self._copy.files.get(path, b""), path)), None)
            listed = root.get("dependencies") if isinstance(root, Mapping) else ()
            for item in listed if isinstance(listed, Sequence) else ():
                if isinstance(item, Mapping) and text_of(item.get("alias")):
                    found[text_of(item.get("alias"))] = text_of(item.get("name"))
        return found
