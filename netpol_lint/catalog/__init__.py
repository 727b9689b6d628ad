"""The rules: what each page under rules/ says of its rule, and which rules a run selects."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from netpol_lint.catalog.pages import read_head, read_page
from netpol_lint.config import Settings
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Problem, RuleInfo, Severity
from netpol_lint.records import Record

if TYPE_CHECKING:
    from pathlib import Path  # a run of one file starts without it

_STRICT: Final = "NP010"
"""The rule that `--strict` makes an error: what is not rendered is not analysed."""
CUSTOM: Final = "custom"
"""The category of the user's own rules."""
Check = Callable[..., Iterator[Problem]]
"""`check(cluster, *, option=default, ...)`."""


class Rule(Record):
    """One rule, as its page's front matter and first heading say. The page's path is its identity."""

    info: RuleInfo
    scope: str
    """`file` if one file is enough to decide it, else `unit`."""
    since: str
    aliases: tuple[str, ...]
    references: tuple[str, ...]
    needs: tuple[str, ...]
    """What a unit must hold for the rule to have anything to say: names of `cluster.holdings`."""
    path: str
    """Of its page."""

    @property
    def page(self) -> Path:
        from pathlib import Path

        return Path(self.path)

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def name(self) -> str:
        return self.info.name

    @cached_property
    def check(self) -> Check:
        """The generator of `netpol_lint.checks`; the rules about suppressions have none (`has_check`)."""
        if self.info.category == CUSTOM:
            from netpol_lint.custom import check_of

            return check_of(self.page)
        module = importlib.import_module(f"netpol_lint.checks.{self.info.category}.{self.name.replace('-', '_')}")
        check: Check = module.check
        return check

    @property
    def has_check(self) -> bool:
        return self.info.category != "suppressions"

    @property
    def help(self) -> str:
        """The prose of its page and the examples, as Markdown."""
        return read_page(self.page).prose

    @property
    def options(self) -> Mapping[str, Any]:
        """Option names, as the config spells them, with their defaults: the keyword-only parameters of the check."""
        if not self.has_check:
            return {}
        defaults: Mapping[str, Any] = self.check.__kwdefaults__ or {}
        return {name.replace("_", "-"): value for name, value in defaults.items()}


class Catalog:
    """All rules, sorted by id."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._names: dict[str, Rule] = {}
        for rule in self.rules:
            for name in (rule.id, rule.name, *rule.aliases):
                self._names[name.lower()] = rule

    def find(self, name: str) -> Rule:
        """The rule of an id, a name or an alias, in any case; NetpolLintError with a suggestion if there is none."""
        rule = self._names.get(name.strip().lower())
        if rule is None:
            raise NetpolLintError(f"unknown rule {name!r}{self.hint(name)}")
        return rule

    def knows(self, name: str) -> bool:
        return name.strip().lower() in self._names

    def hint(self, name: str) -> str:
        """`; did you mean NP301?`, or nothing."""
        from difflib import get_close_matches

        prefixes = {_letters(rule.id).lower() for rule in self.rules if rule.info.category == CUSTOM}
        close = get_close_matches(name.strip().lower(), (*self._names, *sorted(prefixes)), n=1, cutoff=0.6)
        if not close:
            return ""
        meant = close[0]
        is_name = meant in self._names and meant != self._names[meant].id.lower()
        return f"; did you mean {self._names[meant].name if is_name else meant.upper()}?"

    def nearest(self, name: str) -> str:
        """The one id or name that an unknown one is a slip for, "" if there is none or several are as near."""
        from netpol_lint.cluster.near import edit_distance

        written = name.strip().lower()
        limit = 1 if len(written) < 8 else 2
        distances = {known: edit_distance(written, known, limit) for known in self._names}
        least = min(distances.values(), default=limit + 1)
        near = [known for known, distance in distances.items() if distance == least]
        if least > limit or len(near) != 1 or self._is_numbered(written):
            return ""
        rule = self._names[near[0]]
        return rule.id if near[0] == rule.id.lower() else rule.name

    def expand(self, names: Iterable[str]) -> frozenset[str]:
        """The ids that ids, names, prefixes (`NP1`, `ACME`) and `ALL` stand for; NetpolLintError if one is nothing."""
        ids: set[str] = set()
        for name in names:
            meant = self.standing_for(name)
            if not meant:
                raise NetpolLintError(f"unknown rule {name!r}{self.hint(name)}")
            ids |= meant
        return frozenset(ids)

    def standing_for(self, name: str) -> frozenset[str]:
        """The ids that one id, name, prefix or `ALL` stands for; none if there is no such rule.

        A prefix of ours has a digit (`NP1`), one of the user's has at least all that stands before the number (`ACME`).
        """
        name = name.strip()
        if self.knows(name):
            return frozenset((self.find(name).id,))
        prefix = name.upper()
        return frozenset(rule.id for rule in self.rules if prefix == "ALL" or begins(rule, prefix))

    def _is_numbered(self, name: str) -> bool:
        """Whether this is how an id, or the beginning of one, is written in lower case: `np3`."""
        return _letters(name.upper()) in {_letters(rule.id) for rule in self.rules} - {name.upper()}

    def selected(self, settings: Settings) -> tuple[Rule, ...]:
        """The rules of a run, in order of id, each with the severity the settings give it."""
        self._check_config(settings)
        ids = (self.expand(settings.select) | self.expand(settings.extend_select)) - self.expand(settings.ignore)
        levels = {_STRICT: Severity.ERROR} if settings.strict else {}
        levels |= {self.find(name).id: Severity(level) for name, level in settings.severity.items()}
        rules = (rule for rule in self.rules if rule.id in ids)
        if settings.single_file:
            rules = (rule for rule in rules if rule.scope == "file")
        return tuple(_with_severity(rule, levels.get(rule.id, rule.info.severity)) for rule in rules)

    def _check_config(self, settings: Settings) -> None:
        """NetpolLintError with its place for the first rule the config file names that does not exist."""
        for name, line, column, exact in settings.mentions:
            try:
                _ = self.find(name) if exact else self.expand([name])
            except NetpolLintError as error:
                raise NetpolLintError(error.message, path=settings.source, line=line, column=column) from error

    def options_of(self, rule: Rule, settings: Settings) -> Mapping[str, Any]:
        """The keyword arguments for a rule's check; NetpolLintError for an option it does not have."""
        given: dict[str, Any] = {}
        for name, options in settings.options.items():
            if self.find(name).id != rule.id:
                continue
            for option, value in options.items():
                if option not in rule.options:
                    known = ", ".join(sorted(rule.options)) or "none"
                    places = [(m.line, m.column) for m in settings.mentions if m.exact and m.name == name]
                    line, column = places[-1] if places else (0, 0)
                    message = f"{rule.id} has no option {option!r} (its options: {known})"
                    raise NetpolLintError(message, path=settings.source, line=line, column=column)
                given[option.replace("-", "_")] = value
        return given


def begins(rule: Rule, prefix: str) -> bool:
    """Whether a prefix, in capitals, stands for a rule: see `Catalog.standing_for`."""
    least = len(_letters(rule.id)) + (rule.info.category != CUSTOM)
    return len(prefix) >= least and rule.id.startswith(prefix)


def _letters(rule_id: str) -> str:
    """What stands before the number of an id: `NP`, `ACME`."""
    return rule_id.rstrip("0123456789").rstrip("-")


def _with_severity(rule: Rule, severity: Severity) -> Rule:
    if severity is rule.info.severity:
        return rule
    return rule._replace(info=rule.info._replace(severity=severity))


def load(root: str = "", *, custom: Sequence[str] = ()) -> Catalog:
    """The catalog of the rules directory of this installation, or of `root`, with the user's own of other directories.

    NetpolLintError for a rule of the user's that is no rule, or has the id or name of another.
    """
    rules = _rules(root or rules_root())
    if not custom:
        return Catalog(rules)
    from netpol_lint.catalog.own import with_own

    return Catalog(with_own(tuple(rules), custom))


def rules_root() -> str:
    """Where the pages are: inside an installed package, or beside the package in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    for place in (os.path.join(package, "_rules"), os.path.join(os.path.dirname(package), "rules")):
        if os.path.isdir(place):
            return place
    raise NetpolLintError("the rules directory is missing from this installation")


def _rules(root: str) -> Iterator[Rule]:
    categories = (entry.path for entry in os.scandir(root) if entry.is_dir())
    pages = (entry.path for path in categories for entry in os.scandir(path) if entry.name.endswith(".md"))
    for page in sorted(pages):
        head = read_head(page)
        directory, name = os.path.split(page)
        category = os.path.basename(directory)
        info = RuleInfo(head.id, name.removesuffix(".md"), Severity(head.severity), head.title, category)
        yield Rule(info, head.scope, head.since, head.aliases, head.references, head.needs, page)
