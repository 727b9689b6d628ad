"""Which file of a prepared chart Helm means when it names a template."""

from __future__ import annotations

import posixpath
from typing import Final

from netpol_lint.render.helm.chart import Chart, text_of
from netpol_lint.render.helm.copying import Copy
from netpol_lint.render.helm.dependencies import names_below
from netpol_lint.source.documents import read_trees
from netpol_lint.source.tree import Mapping, Sequence

_DEEPEST: Final = 16


def sources_of(copy: Copy, chart: Chart) -> dict[str, str]:
    """The path in the copy for each name: `chart/charts/alias/templates/x.yaml`, whatever the directory is called."""
    found: dict[str, str] = {}
    waiting = [(chart.name, "", 0)]
    while waiting:
        name, directory, depth = waiting.pop()
        prefix = posixpath.join(directory, "") if directory else ""
        inner = f"{prefix}charts/"
        for path in copy.files:
            if path.startswith(prefix) and not path.startswith(inner):
                found[f"{name}/{path[len(prefix) :]}"] = path
        if depth == _DEEPEST:
            continue
        aliases = _aliases(copy, prefix)
        for known, below in names_below(copy, directory).items():
            waiting += [(f"{name}/charts/{alias}", below, depth + 1) for alias in (known, *aliases.get(known, ()))]
    return found


def _aliases(copy: Copy, prefix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in ("Chart.yaml", "requirements.yaml"):
        path = f"{prefix}{file}"
        root = next(iter(read_trees(copy.files.get(path, b""), path)), None)
        listed = root.get("dependencies") if isinstance(root, Mapping) else ()
        for item in listed if isinstance(listed, Sequence) else ():
            alias = text_of(item.get("alias")) if isinstance(item, Mapping) else ""
            if alias and isinstance(item, Mapping):
                found.setdefault(text_of(item.get("name")), []).append(alias)
    return found
