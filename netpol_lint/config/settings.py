"""The settings of a run: what the config file, the environment and the command line say together."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from netpol_lint.records import NamedTuple

NO_OPTIONS: Final[MappingProxyType[str, Any]] = MappingProxyType({})


class Assumptions(NamedTuple):
    """What Kubernetes leaves to the network plugin or the manifests do not show (SEMANTICS 5)."""

    host_network: str = "node"
    """`node`: policies do not apply to hostNetwork pods; `pod`: they count as any pod."""
    ip_blocks_select_pods: bool = True
    kubernetes: str = "1.36"
    pod_ranges: tuple[str, ...] = ()
    service_ranges: tuple[str, ...] = ()
    plugin: str = ""


class PathIgnore(NamedTuple):
    """Rules that are off for files matching one of the globs."""

    paths: tuple[str, ...]
    ignore: tuple[str, ...]
    line: int = 1
    column: int = 1
    """Where the config file says so."""


class Mention(NamedTuple):
    """A rule as the config file names it, and where."""

    name: str
    line: int
    column: int
    exact: bool = False
    """Whether it must be one rule: a prefix is none."""


class Settings(NamedTuple):
    """Everything a run depends on besides the files. Rule names are checked by the catalog, not here."""

    paths: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    fixtures: tuple[str, ...] | str = "default"
    """Path segments that mark test data; `default` for the built-in ones, empty to analyse them all."""
    select: tuple[str, ...] = ("ALL",)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    severity: MappingProxyType[str, str] = NO_OPTIONS
    options: MappingProxyType[str, Any] = NO_OPTIONS
    """By rule id or name, each a mapping of option names (as in the check's signature) to values."""
    per_path: tuple[PathIgnore, ...] = ()
    namespaces: MappingProxyType[str, Any] = NO_OPTIONS
    """Namespaces that no manifest declares: name to labels."""
    assume: Assumptions = Assumptions()
    namespace: str = "default"
    """The namespace of objects that name none."""
    fail_on: str = "warning"
    min_severity: str = "note"
    strict: bool = False
    single_file: bool = False
    suppressions: bool = True
    """False with `--ignore-suppressions`."""
    baseline: str = ""
    today: str = ""
    """ISO date for `until=`; "" takes SOURCE_DATE_EPOCH or the clock."""
    jobs: int = 0
    """0 lets the program choose."""
    prefilter: bool = True
    limits: MappingProxyType[str, int] = NO_OPTIONS
    stdin_filename: str = "-"
    source: str = ""
    """The config file these came from, "" for none."""
    base: str = ""
    """The directory its globs are relative to, itself relative to the working directory; "" where it is the same."""
    mentions: tuple[Mention, ...] = ()
    """Every rule the config file names."""
    units: tuple[Any, ...] = ()
    """Deployment units by name, as the config gives them: plain data."""
    cluster: MappingProxyType[str, Any] = NO_OPTIONS
    """By name of a cluster, the units or directories meant for it."""
    helm: tuple[Any, ...] = ()
    """Charts with the release, namespace and values files to render them with: plain data."""
    helm_renderer: str = "auto"
    """What renders charts: `binary` (the user's `helm`), `sdk` (Helm's library), `none`; `auto` takes the first."""
    operators: tuple[Any, ...] = ()
    """Custom resources that make pods, with what is known of the pods: plain data."""
    custom_rules: tuple[str, ...] = ()
    """Directories of the user's own rules."""
