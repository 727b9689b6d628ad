"""Strategic merge patches, as kustomize applies them."""

from __future__ import annotations

from typing import Final

from netpol_lint.render.kustomize.draft import Draft, List, Map, is_null, node_of, opened, place
from netpol_lint.render.kustomize.known import PRIMITIVE, Keys, Path, merge_keys
from netpol_lint.render.kustomize.objects import Object
from netpol_lint.render.kustomize.refusal import Refused
from netpol_lint.source.tree import Mapping, Scalar, made_scalar

_DIRECTIVE: Final = "$patch"
_MERGE, _REPLACE, _DELETE = "merge", "replace", "delete"


def apply(one: Object, patch: Mapping, *, renames: bool = False, changes_kind: bool = False) -> bool:
    """Merge a patch into an object; False if it deletes the object. Refused where the two do not fit.

    Name and kind stay unless the patch may change them, the namespace always does.
    """
    before = {key: one.root.entries.get(key) for key in ("kind",)}
    name, namespace = _metadata(one, "name"), _metadata(one, "namespace")
    if renames or changes_kind:
        one.remember()
    merged = _Merge(merge_keys(one.api_version, one.kind)).merge(one.root, Map(patch), ())
    if not isinstance(merged, Map) or not merged.entries:
        return False
    one.root = merged
    if not changes_kind and before["kind"] is not None:
        merged.entries["kind"] = before["kind"]
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

    def __init__(self, keys: dict[Path, Keys]) -> None:
        self._keys = keys

    def merge(self, base: Draft | None, patch: Draft | None, path: Path) -> Draft | None:
        """The two merged; None where nothing is left."""
        if patch is None:
            return base if base is not None and not (is_null(base) and _is_blank(base)) else None
        if is_null(patch):
            return None
        opened_patch = opened(patch)
        if base is None or is_null(base):
            return self._added(opened_patch, path)
        opened_base = opened(base)
        if type(opened_base) is not type(opened_patch):
            raise Refused(
                f"the patch has {_kind(opened_patch)} where the object has {_kind(opened_base)}", place(patch)
            )
        if isinstance(opened_patch, Map) and isinstance(opened_base, Map):
            return self._maps(opened_base, opened_patch, path)
        if isinstance(opened_patch, List) and isinstance(opened_base, List):
            keys = self._keys.get(path)
            return opened_patch if keys is None else self._lists(opened_base, opened_patch, keys, path)
        return opened_patch

    def _added(self, patch: Map | List | Scalar, path: Path) -> Draft | None:
        """What a patch adds: without its directives and nulls."""
        if isinstance(patch, Scalar):
            return patch
        if isinstance(patch, Map):
            if _directive(patch) == _DELETE:
                return None
            added = {key: self.merge(None, value, (*path, key)) for key, value in patch.entries.items()}
            patch.entries = {key: value for key, value in added.items() if value is not None}
            return patch
        keys = self._keys.get(path)
        if keys is None:
            return patch
        directive = _list_directive(patch)
        items = [item if keys == PRIMITIVE else self.merge(None, item, path) for item in patch.items]
        patch.items = [item for item in items if item is not None]
        return None if directive == _DELETE else patch

    def _maps(self, base: Map, patch: Map, path: Path) -> Draft | None:
        directive = _directive(patch)
        if directive == _DELETE:
            return None
        if directive == _REPLACE:
            return self._added(patch, path)
        for key in [*base.entries, *(key for key in patch.entries if key not in base.entries)]:
            if key not in patch.entries and not is_null(base.entries[key]):
                continue
            value = self.merge(base.entries.get(key), patch.entries.get(key), (*path, key))
            if value is None:
                base.entries.pop(key, None)
            else:
                base.entries[key] = value
        return base

    def _lists(self, base: List, patch: List, keys: Keys, path: Path) -> Draft | None:
        directive = _list_directive(patch)
        if directive == _DELETE:
            return None
        if directive == _REPLACE:
            return self._added(patch, path)
        if keys == PRIMITIVE:
            return _strings(base, patch)
        return self._by_keys(base, patch, keys, path)

    def _by_keys(self, base: List, patch: List, keys: Keys, path: Path) -> Draft | None:
        """The patch's items in its order, each merged with the object's of the same keys; then the object's others."""
        values = _joined([_values(item, keys) for item in [*patch.items, *base.items]])
        used = [key for index, key in enumerate(keys) if any(value[index] for value in values)] or list(keys)
        wanted: list[tuple[str, ...]] = []
        for value in values:
            short = tuple(text for key, text in zip(keys, value, strict=True) if key in used)
            if short not in wanted:
                wanted.append(short)
        result: list[Draft] = []
        for short in wanted:
            old, new = _find(base, used, short), _find(patch, used, short)
            if new is None:
                result.extend(_all(base, used, short) if old is not None else ())
                continue
            merged = self.merge(old, new, path)
            if merged is None or (isinstance(merged, Map) and not merged.entries):
                continue
            if isinstance(merged, Map):
                _set_keys(merged, used, short)
            result.append(merged)
        found = {id(item) for item in result}
        nameless = [item for item in base.items if id(item) not in found and not any(_values(item, keys))]
        base.items = [*result, *nameless]
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


def _fits(item: Draft, keys: list[str], values: tuple[str, ...]) -> bool:
    one = opened(item)
    if not isinstance(one, Map):
        return False
    texts = [one.text(key) for key in keys]
    return all(
        its == value or (number > 0 and not its) for number, (its, value) in enumerate(zip(texts, values, strict=True))
    )


def _find(items: List, keys: list[str], values: tuple[str, ...]) -> Draft | None:
    for index, item in enumerate(items.items):
        if _fits(item, keys, values):
            return items.get(index)
    return None


def _all(items: List, keys: list[str], values: tuple[str, ...]) -> list[Draft]:
    return [item for item in items.items if _fits(item, keys, values)]


def _set_keys(merged: Map, keys: list[str], values: tuple[str, ...]) -> None:
    for key, value in zip(keys, values, strict=True):
        if key not in merged.entries and value:
            merged.entries[key] = made_scalar(value, node_of(merged), plain=True)


def _directive(patch: Map) -> str:
    """What `$patch` says, which is taken out."""
    found = patch.entries.pop(_DIRECTIVE, None)
    return _known(found) if found is not None else _MERGE


def _list_directive(patch: List) -> str:
    """What an item `- $patch: replace` says of its list; the item is taken out."""
    for index, item in enumerate(patch.items):
        one = opened(item)
        if isinstance(one, Map) and list(one.entries) == [_DIRECTIVE]:
            patch.items = [*patch.items[:index], *patch.items[index + 1 :]]
            return _known(one.entries[_DIRECTIVE])
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
