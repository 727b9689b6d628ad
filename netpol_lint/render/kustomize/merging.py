"""Strategic merge patches, as kustomize applies them."""

from __future__ import annotations

from typing import Final

from netpol_lint.render.kustomize.draft import Draft, List, Map, is_null, node_of, opened, place
from netpol_lint.render.kustomize.known import PRIMITIVE, Keys, Path, merge_keys
from netpol_lint.render.kustomize.objects import Object
from netpol_lint.render.kustomize.refusal import Allowance, Refused
from netpol_lint.source.made import made_scalar
from netpol_lint.source.tree import Mapping, Scalar

_DIRECTIVE: Final = "$patch"
_MERGE, _REPLACE, _DELETE = "merge", "replace", "delete"


def apply(one: Object, patch: Mapping, steps: Allowance, *, renames: bool = False, changes_kind: bool = False) -> bool:
    """Merge a patch into an object; False if it deletes the object. Refused where the two do not fit.

    Name and kind stay unless the patch may change them, the namespace always does.
    """
    kind, version = (one.root.entries.get(key) for key in ("kind", "apiVersion"))
    name, namespace = _metadata(one, "name"), _metadata(one, "namespace")
    if renames or changes_kind:
        one.remember()
    merged = _Merge(merge_keys(one.api_version, one.kind), steps).merge(one.root, Map(patch), ())
    if not isinstance(merged, Map) or not merged.entries:
        return False
    one.root = merged
    _restore(merged, "apiVersion", version)
    if not changes_kind:
        _restore(merged, "kind", kind)
    metadata = merged.get("metadata")
    if isinstance(metadata, Map):
        if not renames:
            _restore(metadata, "name", name)
        _restore(metadata, "namespace", namespace)
    return True


def _metadata(one: Object, key: str) -> Draft | None:
    metadata = one.root.get("metadata")
    return metadata.entries.get(key) if isinstance(metadata, Map) else None


def _restore(metadata: Map, key: str, value: Draft | None) -> None:
    if value is not None:
        metadata.entries[key] = value
    else:
        metadata.entries.pop(key, None)


class _Merge:
    """One merge; paths are without indices."""

    def __init__(self, keys: dict[Path, Keys], steps: Allowance) -> None:
        self._keys = keys
        self._steps = steps
        several = [path for path, names in keys.items() if len(names) > 1]
        self._on_the_way = {path[:length] for path in several for length in range(len(path) + 1)}

    def merge(self, base: Draft | None, patch: Draft | None, path: Path) -> Draft | None:
        """The two merged; None where nothing is left."""
        if patch is None:
            return self._untouched(base, path)
        if is_null(patch):
            return None
        new = opened(patch)
        is_new = base is None or is_null(base)
        old = new if base is None or is_new else opened(base)  # what is added is merged with itself
        if type(old) is not type(new):
            raise Refused(f"the patch has {_kind(new)} where the object has {_kind(old)}", place(patch))
        if isinstance(new, Map) and isinstance(old, Map):
            return self._maps(old, new, path)
        keys = self._keys.get(path)
        if isinstance(new, List) and isinstance(old, List) and keys is not None:
            return self._lists(old, new, keys, path, _MERGE if is_new else _list_directive(new))
        return new

    def _maps(self, base: Map, patch: Map, path: Path) -> Draft | None:
        directive = _directive(patch)
        if directive == _DELETE:
            return None
        if directive == _REPLACE:
            base = patch
        for key in [*base.entries, *(key for key in patch.entries if key not in base.entries)]:
            new = patch.get(key)  # opened first: where base and patch are one, so are their values
            value = self.merge(base.entries.get(key), new, (*path, key))
            if value is None:
                base.entries.pop(key, None)
            else:
                base.entries[key] = value
        return base

    def _untouched(self, base: Draft | None, path: Path) -> Draft | None:
        """What the patch does not speak of: an empty value is lost, and so are some ports (see `_by_keys`)."""
        if base is None or (is_null(base) and _is_blank(base)):
            return None
        if path not in self._on_the_way:
            return base
        old = opened(base)
        if isinstance(old, List) and path in self._keys:
            if len(self._keys[path]) > 1:
                return self._by_keys(old, List(old.at, []), self._keys[path], path)
            old.items = [kept for item in old if (kept := self._untouched(item, path)) is not None]
        elif isinstance(old, Map):
            for key in list(old.entries):
                self._untouched(old.get(key), (*path, key))
        return old

    def _lists(self, base: List, patch: List, keys: Keys, path: Path, directive: str) -> Draft | None:
        if directive == _DELETE:
            return None
        if directive == _REPLACE:
            base = patch
        if keys == PRIMITIVE:
            return _strings(base, patch)
        return self._by_keys(base, patch, keys, path)

    def _by_keys(self, base: List, patch: List, keys: Keys, path: Path) -> Draft | None:
        """Items of the same keys merged, the patch's first: step by step as kyaml does it, oddities included."""
        self._steps.spend((len(patch.items) + len(base.items)) ** 2, patch.at.location)
        values = list(dict.fromkeys(_values(item, keys) for item in [*patch, *base]))
        values = _joined(values)
        used = tuple(key for index, key in enumerate(keys) if any(value[index] for value in values)) or keys
        added = List(patch.at, [])
        for value in values:
            short = tuple(text for key, text in zip(keys, value, strict=True) if key in used)
            merged = self.merge(_find(base, used, short), _find(patch, used, short), path)
            if merged is None or (isinstance(merged, Map) and not merged.entries):
                _set(base, used, short, None)
                continue
            if isinstance(merged, Map):
                _set_keys(merged, used, short)
            _set(added, used, short, merged)
        for item in list(base):
            texts: list[str] = []
            for key in used:
                if isinstance(item, Map) and key in item.entries:
                    texts.append(item.text(key))
                else:
                    added.items.append(item)
            if len(used) > 1:
                _set(added, used, tuple(texts), None)
            _set(added, used, tuple(texts), item)
        base.items = added.items
        return base


def _strings(base: List, patch: List) -> List:
    items: list[Draft] = []
    seen: set[str] = set()
    for item in [*patch.items, *base.items]:
        text = item.text if isinstance(item, Scalar) else ""
        if text not in seen:
            seen.add(text)
            items.append(item)
    base.items = items
    return base


def _values(item: Draft, keys: Keys) -> tuple[str, ...]:
    one = opened(item)
    return tuple(one.text(key) if isinstance(one, Map) else "" for key in keys)


def _joined(values: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Of several keys some may be missing: what agrees in one and contradicts in none is the same item."""
    joined = list(values)
    if not joined or len(joined[0]) < 2:
        return joined
    for one in range(len(joined)):
        for other in range(len(joined)):
            both = _agreed(joined[one], joined[other])
            if both:
                joined[one] = joined[other] = both
    return joined


def _agreed(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if any(a and b and a != b for a, b in zip(one, other, strict=True)):
        return ()
    if not any(a == b for a, b in zip(one, other, strict=True)):
        return ()
    return tuple(a or b for a, b in zip(one, other, strict=True))


def _find(items: List, keys: Keys, values: tuple[str, ...]) -> Draft | None:
    """The first item with these values; keys without a value do not count."""
    wanted = [(key, value) for key, value in zip(keys, values, strict=True) if value]
    for item in items if wanted else ():
        if isinstance(item, Map) and all(item.text(key) == value for key, value in wanted):
            return item
    return None


def _set(items: List, keys: Keys, values: tuple[str, ...], element: Draft | None) -> None:
    """kyaml's ElementSetter: replace the items with these values by `element` or append it; None removes them."""
    kept: list[Draft] = []
    found = False
    for item in items:
        if is_null(item) or (isinstance(item, Map) and not item.entries):
            continue
        if not isinstance(item, Map):
            kept.append(item)
        elif not _has(item, keys, values):
            if values:
                kept.append(item)
        else:
            found = True
            if element is not None:
                kept.append(element)
    if element is not None and not found:
        kept.append(element)
    items.items = kept


def _has(item: Map, keys: Keys, values: tuple[str, ...]) -> bool:
    pairs = list(zip(keys, values, strict=False))
    return bool(pairs) and all(key in item.entries and value in {"", item.text(key)} for key, value in pairs)


def _set_keys(merged: Map, keys: Keys, values: tuple[str, ...]) -> None:
    for key, value in zip(keys, values, strict=True):
        if key not in merged.entries and value:
            merged.entries[key] = made_scalar(value, node_of(merged), plain=True)


def _directive(patch: Map) -> str:
    """What `$patch` says, which is taken out."""
    found = patch.entries.pop(_DIRECTIVE, None)
    return _known(found) if found is not None else _MERGE


def _list_directive(patch: List) -> str:
    """What an item `- $patch: replace` says of its list; it is taken out, and with it every item that says the same."""
    for item in patch:
        if isinstance(item, Map) and _DIRECTIVE in item.entries:
            if len(item.entries) > 1:
                return _MERGE
            says = _known(item.entries[_DIRECTIVE])
            _set(patch, (_DIRECTIVE,), (says,), None)
            return says
    return _MERGE


def _known(node: Draft) -> str:
    text = node.text if isinstance(node, Scalar) else ""
    if text not in {_MERGE, _REPLACE, _DELETE}:
        raise Refused(f"kustomize knows no `$patch: {text}`, only merge, replace and delete", place(node))
    return text


def _is_blank(value: Draft) -> bool:
    return isinstance(value, Scalar) and not value.text


def _kind(value: Draft) -> str:
    return "a list" if isinstance(value, List) else "a mapping" if isinstance(value, Map) else "a single value"
