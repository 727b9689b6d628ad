"""A config file turned into settings: checked by its schema, its paths kept inside the tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from netpol_lint.config.finding import TABLE, base_of
from netpol_lint.config.settings import Assumptions, Mention, PathIgnore, Settings
from netpol_lint.errors import NetpolLintError

if TYPE_CHECKING:  # many runs have no config file
    from netpol_lint.source.settings_file import Pointer, SettingsFile

_SAME_IN_SETTINGS: Final = (
    *("select", "ignore", "extend-select", "fail-on", "min-severity", "severity", "exclude", "fixtures"),
    *("units", "cluster", "helm", "operators", "limits"),
)


def load(path: str) -> Settings:
    """The settings of a config file; NetpolLintError if it cannot be read or is wrong."""
    from netpol_lint.source.settings_file import MOST_BYTES, decode

    try:
        with open(path, "rb") as file:  # noqa: PTH123 -- pipes are fine
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no path"
        raise NetpolLintError(f"the config file cannot be read: {reason}", path=path) from error
    return from_text(decode(data, path), path)


def from_text(text: str, path: str) -> Settings:
    """The settings a config text gives; NetpolLintError with the place of what is wrong.

    A path that ends in `.toml` means the table `tool.netpol-lint`, any other YAML. Rule names are not checked here:
    `Settings.mentions` says where they stand.
    """
    from netpol_lint.source.settings_file import read_toml, read_yaml

    file = read_toml(text, path, TABLE) if path.endswith(".toml") else read_yaml(text, path)
    if file.data:
        from netpol_lint.config.checking import check

        check(file)
    return _settings(file)


def with_overrides(settings: Settings, **given: Any) -> Settings:
    """The settings with fields replaced by what the command line gives; NetpolLintError for a date that is none."""
    today = given.get("today", "")
    if not today:
        return settings._replace(**given)
    from netpol_lint.source.ignores import is_day

    if not is_day(today):
        raise NetpolLintError(f"{today!r} is not a date such as 2026-12-31")
    return settings._replace(**given)


def _settings(file: SettingsFile) -> Settings:
    data = file.data
    given: dict[str, Any] = {key.replace("-", "_"): _frozen(data[key]) for key in _SAME_IN_SETTINGS if key in data}
    paths = _Paths(file)
    if "paths" in data:
        given["paths"] = tuple(paths.inside(("paths", index)) for index in range(len(data["paths"])))
    if "custom-rules" in data:
        given["custom_rules"] = tuple(paths.inside(("custom-rules", i)) for i in range(len(data["custom-rules"])))
    if "baseline" in data:
        given["baseline"] = paths.inside(("baseline",))
    for pointer in _other_paths(data):
        paths.inside(pointer)
    if "options" in data:
        given["options"] = _frozen(data["options"])
    if "namespaces" in data:
        labels = {name: (said or {}).get("labels", {}) for name, said in data["namespaces"].items()}
        given["namespaces"] = _frozen(labels)
    if "assume" in data:
        given["assume"] = Assumptions(**{key.replace("-", "_"): _frozen(v) for key, v in data["assume"].items()})
    if "per-path" in data:
        given["per_path"] = tuple(_per_path(file, index) for index in range(len(data["per-path"])))
    return Settings(**given, source=file.path, base=paths.base, mentions=tuple(_mentions(file)))


def _per_path(file: SettingsFile, index: int) -> PathIgnore:
    entry = file.data["per-path"][index]
    return PathIgnore(tuple(entry["paths"]), tuple(entry["ignore"]), *file.place(("per-path", index)))


def _mentions(file: SettingsFile) -> Iterator[Mention]:
    data = file.data
    lists: list[Pointer] = [("select",), ("ignore",), ("extend-select",)]
    lists += [("per-path", index, "ignore") for index in range(len(data.get("per-path", ())))]
    for pointer in lists:
        names: Any = data
        for key in pointer:
            names = names[key] if not isinstance(names, dict) or key in names else ()
        for index, name in enumerate(names):
            yield Mention(name, *file.place((*pointer, index)))
    for key in ("severity", "options"):
        for name in data.get(key, ()):
            yield Mention(name, *file.place((key, name), key=True), exact=True)


def _other_paths(data: dict[str, Any]) -> Iterator[Pointer]:
    for index, unit in enumerate(data.get("units", ())):
        yield from (("units", index, "paths", i) for i in range(len(unit["paths"])))
    for name, members in data.get("cluster", {}).items():
        yield from (("cluster", name, i) for i in range(len(members)))
    for index, chart in enumerate(data.get("helm", ())):
        yield ("helm", index, "path")
        yield from (("helm", index, "values", i) for i in range(len(chart.get("values", ()))))


class _Paths:
    """Paths of a config file, made relative to the working directory and kept inside the file's directory."""

    def __init__(self, file: SettingsFile) -> None:
        self._file = file
        base = base_of(file.path)
        self.base = "" if base == "." else base

    def inside(self, pointer: Pointer) -> str:
        written: Any = self._file.data
        for key in pointer:
            written = written[key]
        joined = os.path.normpath(os.path.join(self.base, written))  # noqa: PTH118
        if os.path.isabs(written) or "\0" in written or not self._holds(joined):  # noqa: PTH117
            line, column = self._file.place(pointer)
            message = f"the path {written!r} leads out of the directory of the config"
            raise NetpolLintError(message, path=self._file.path, line=line, column=column)
        return joined.replace(os.sep, "/")

    def _holds(self, joined: str) -> bool:
        """Whether the path, links followed, is the base or below it."""
        base, target = os.path.realpath(self.base or "."), os.path.realpath(joined)
        climbs = os.path.relpath(joined, self.base or ".").startswith("..")
        return os.path.commonpath((base, target)) == base and not climbs


def _frozen(value: Any) -> Any:
    """Plain data that cannot be changed."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value
