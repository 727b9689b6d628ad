"""What the real API server code says about manifests, selectors, names and address blocks."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from netpol_lint.resources.decode import Decoded, decode
from netpol_lint.resources.decode.cidr import Block, parse_cidr
from netpol_lint.resources.decode.names import (
    dns_label_error,
    dns_subdomain_error,
    label_key_error,
    label_value_error,
    port_name_error,
)
from netpol_lint.resources.defects import Defect, DefectKind
from netpol_lint.resources.policy import Direction, NetworkPolicy, RejectedPolicy
from netpol_lint.source.documents import Document, read_documents

VECTORS = Path(__file__).parents[3] / "shared" / "vectors"

pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not part of the project")


def vectors(*names: str) -> list[Any]:
    if not VECTORS.is_dir():
        return []
    return [case for name in names for case in json.loads(gzip.decompress((VECTORS / f"{name}.json.gz").read_bytes()))]


def decoded(manifest: str) -> Decoded:
    (document,) = read_documents(manifest.encode(), "policy.yaml")
    assert isinstance(document, Document)
    return decode(document)


def of_kind(defects: tuple[Defect, ...], kind: DefectKind) -> list[Defect]:
    return [defect for defect in defects if defect.kind is kind]


def pointer(field: str) -> str:
    """`spec.ingress[0].ports` as a JSON pointer."""
    return "/" + re.sub(r"\[(\d+)\]", r".\1", field).replace(".", "/")


def names_of(case: dict[str, Any]) -> str:
    return str(case["name"])


MANIFESTS = vectors("f_validation", "f_validation_edge")


@pytest.mark.parametrize("case", MANIFESTS, ids=names_of)
def test_the_policies_the_api_server_refuses_are_refused(case: dict[str, Any]) -> None:
    result = decoded(case["manifest"])
    (policy,) = result.objects
    refusals = {DefectKind.DUPLICATE_KEY, DefectKind.REMOVED_API} & {defect.kind for defect in result.defects}
    assert case["api_rejects"] == (isinstance(policy, RejectedPolicy) or bool(refusals))


@pytest.mark.parametrize("case", MANIFESTS, ids=names_of)
def test_a_refused_policy_has_a_defect_that_says_why(case: dict[str, Any]) -> None:
    result = decoded(case["manifest"])
    assert case["api_rejects"] <= bool(result.defects)


@pytest.mark.parametrize("case", MANIFESTS, ids=names_of)
def test_the_policies_strict_cidr_validation_refuses_are_known(case: dict[str, Any]) -> None:
    result = decoded(case["manifest"])
    strict = bool(of_kind(result.defects, DefectKind.INVALID_STRICT_CIDR))
    assert (case["api_rejects_strict_cidr"] and not case["api_rejects"]) <= strict
    assert bool(case.get("errors_strict_cidr_only")) <= strict
    assert strict <= case["api_rejects_strict_cidr"]


@pytest.mark.parametrize("case", MANIFESTS, ids=names_of)
def test_the_unknown_fields_are_those_the_decoder_names(case: dict[str, Any]) -> None:
    expected = {pointer(re.search('"(.*)"', text)[1]) for text in case["unknown_fields"]}  # type: ignore[index]
    found = {defect.at.pointer for defect in of_kind(decoded(case["manifest"]).defects, DefectKind.UNKNOWN_FIELD)}
    assert expected == found


@pytest.mark.parametrize("case", MANIFESTS, ids=names_of)
def test_each_validation_error_is_found_where_the_validator_finds_it(case: dict[str, Any]) -> None:
    """Decoding errors name Go fields, not places, so only validation errors are compared.

    An error that an unknown field explains is told by that field's defect, which stands beside the missing one.
    """
    expected = {
        pointer(path)
        for path, colon, _ in (error.partition(": ") for error in case["errors"])
        if colon and path.startswith(("spec.", "metadata."))
    }
    found = decoded(case["manifest"]).defects
    missed = {path for path in expected if not any(_tells_of(defect, path) for defect in found)}
    assert set() == missed


def _tells_of(defect: Defect, field: str) -> bool:
    """Ours may be deeper (the one label of `matchLabels`), or the misspelt sibling of a field that is missing."""
    ours = defect.at.pointer
    if defect.kind is DefectKind.UNKNOWN_FIELD:
        return ours.rpartition("/")[0] == field.rpartition("/")[0]
    return defect.kind is DefectKind.INVALID and (ours == field or ours.startswith(f"{field}/"))


@pytest.mark.parametrize("case", vectors("f_defaults"), ids=names_of)
def test_policy_types_default_as_the_api_server_defaults_them(case: dict[str, Any]) -> None:
    manifest = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p"}}
    (policy,) = decoded(json.dumps(manifest | {"spec": case["spec"]})).objects
    assert isinstance(policy, NetworkPolicy)
    assert {Direction(name) for name in case["policyTypes"]} == policy.types


GRAMMARS = {
    "labelKey": label_key_error,
    "labelValue": label_value_error,
    "portName": port_name_error,
    "npName": dns_subdomain_error,
    "nsName": dns_label_error,
}


@pytest.mark.parametrize("function", GRAMMARS)
def test_names_are_valid_where_apimachinery_says_so(function: str) -> None:
    cases = [case for case in vectors("h_selector_syntax") if case["fn"] == function]
    wrong = [case["s"] for case in cases if case["valid"] != (not GRAMMARS[function](case["s"]))]
    assert [] == wrong
    assert cases


def test_address_blocks_are_read_as_the_api_server_reads_them() -> None:
    cases = [case for case in vectors("h_selector_syntax") if case["fn"] == "cidr"]
    for case in cases:
        block = parse_cidr(case["s"])
        assert case["valid_legacy"] == isinstance(block, Block), case
        if isinstance(block, Block):
            assert case["valid_strict"] == (not block.strict_reason), case
            assert case["network"] == str(block.network), case
    assert cases


def test_selectors_are_valid_and_match_as_apimachinery_says() -> None:
    cases = [case for case in vectors("h_selector_syntax") if case["fn"] == "match"]
    for case in cases:
        manifest = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p"}}
        (policy,) = decoded(json.dumps(manifest | {"spec": {"podSelector": case["selector"]}})).objects
        assert case["valid"] == isinstance(policy, NetworkPolicy), case
        if isinstance(policy, NetworkPolicy):
            assert case["match"] == policy.pod_selector.selector.matches(case["labels"]), case
    assert cases
