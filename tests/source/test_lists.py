"""Items of lists are documents of their own, as `kubectl apply` makes them."""

from __future__ import annotations

import pytest

from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Scalar
from tests.source.reading import documents, read, text_at


def _identity(text: str) -> list[tuple[str, str]]:
    return [(document.api_version, document.kind) for document in documents(text)]


def test_the_items_of_a_list_are_objects() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n- {apiVersion: apps/v1, kind: Deployment}\n"
    )
    assert [("v1", "Pod"), ("apps/v1", "Deployment")] == _identity(text)


def test_items_of_a_typed_list_take_kind_and_version_from_it() -> None:
    head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\n"
    text = f"{head}items:\n- metadata: {{name: a}}\n- {{kind: Pod, apiVersion: v1}}\n"
    assert [("networking.k8s.io/v1", "NetworkPolicy"), ("v1", "Pod")] == _identity(text)


def test_an_item_that_names_one_of_the_two_takes_nothing_from_the_list() -> None:
    text = "apiVersion: v1\nkind: PodList\nitems:\n- {kind: Service}\n- {apiVersion: v1}\n"
    assert [("", "Service")] == _identity(text)


def test_lists_of_custom_resources_are_lists() -> None:
    assert [("example.org/v1", "Widget")] == _identity(
        "apiVersion: example.org/v1\nkind: WidgetList\nitems: [{metadata: {}}]\n"
    )


def test_items_of_a_plain_list_without_kind_are_no_objects() -> None:
    assert [] == _identity("apiVersion: v1\nkind: List\nitems: [{metadata: {}}, null, text, [x]]\n")


def test_lists_in_lists_are_flattened_in_order() -> None:
    text = "kind: List\nitems:\n- {kind: A}\n- {kind: List, items: [{kind: B}, {kind: C}]}\n- {kind: D}\n"
    assert ["A", "B", "C", "D"] == [document.kind for document in documents(text)]


def test_a_kind_that_merely_ends_so_is_an_object() -> None:
    assert [("", "AllowList")] == _identity("kind: AllowList\nspec: {}\n")


def test_an_item_knows_its_place_in_the_file_and_its_pointer_from_the_list() -> None:
    text = "kind: PodList\nitems:\n- metadata:\n    name: web\n"
    (document,) = documents(text)
    metadata = document.root.get("metadata")
    name = metadata.get("name")  # type: ignore[union-attr]
    assert isinstance(name, Scalar)
    assert ("web", "/items/0/metadata/name") == (text_at(text, name.location), name.pointer)


@pytest.mark.parametrize("kind", ["Pod", "PodList"])
def test_only_kinds_asked_for_come_out_of_a_list(kind: str) -> None:
    text = f"kind: {kind.removesuffix('List')}List\nitems:\n- {{}}\n- {{kind: Secret}}\n"
    found = read(text, kinds=frozenset(("Pod",)))
    assert ["Pod"] == [item.kind for item in found if isinstance(item, Document)]
