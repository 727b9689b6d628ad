"""Which of the known namespaces a selector picks, each selector asked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from netpol_lint.algebra.labels import Operator, Selector
from netpol_lint.resources.namespace import Namespace


class NamespaceSelection:
    """The namespaces of a unit by their labels."""

    def __init__(self, namespaces: Mapping[str, Namespace]) -> None:
        """Takes them by name, sorted."""
        self._namespaces = namespaces
        self._matching: dict[Selector, tuple[Namespace, ...]] = {}

    def matching(self, selector: Selector) -> tuple[Namespace, ...]:
        """Those that a selector picks, sorted by name."""
        if selector not in self._matching:
            self._matching[selector] = tuple(n for n in self._asked_for(selector) if selector.matches(n.labels))
        return self._matching[selector]

    def _asked_for(self, selector: Selector) -> Iterable[Namespace]:
        """Those with a label that the selector asks for by value, sorted; all, if it asks for none."""
        for key, operator, values in selector.requirements:
            if operator is Operator.IN:
                names = {name for value in values for name in self._by_label.get((key, value), ())}
                return [self._namespaces[name] for name in sorted(names)]
        return self._namespaces.values()

    @cached_property
    def _by_label(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for namespace in self._namespaces.values():
            for label in namespace.labels.items():
                found.setdefault(label, []).append(namespace.name)
        return found
