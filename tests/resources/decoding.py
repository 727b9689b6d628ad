"""How tests decode one manifest and look at what came out."""

from __future__ import annotations

from netpol_lint.resources.decode import Decoded, Object, decode
from netpol_lint.resources.defects import Defect, DefectKind
from netpol_lint.resources.policy import NetworkPolicy, RejectedPolicy
from netpol_lint.resources.workload import Workload
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.location import Location

HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: ns}\n"


def decoded(text: str) -> Decoded:
    (document,) = read_documents(text.encode(), "m.yaml")
    assert isinstance(document, Document), document
    return decode(document)


def only(text: str) -> Object:
    (only_object,) = decoded(text).objects
    return only_object


def workload(text: str) -> Workload:
    found = only(text)
    assert isinstance(found, Workload), found
    return found


def spec(text: str) -> Decoded:
    """A policy with this `spec` in flow style."""
    return decoded(f"{HEAD}spec: {text}\n")


def policy(text: str) -> NetworkPolicy:
    """The accepted policy with this `spec`; it has no defect."""
    result = spec(text)
    (accepted,) = result.objects
    assert isinstance(accepted, NetworkPolicy), result.defects
    assert () == result.defects
    return accepted


def rejections(text: str) -> list[str]:
    """Why the policy with this `spec` is rejected."""
    result = spec(text)
    (rejected,) = result.objects
    assert isinstance(rejected, RejectedPolicy), rejected
    return [defect.reason for defect in result.defects if defect.kind is DefectKind.INVALID]


def shown(defect: Defect) -> tuple[DefectKind, str, str, str]:
    return defect.kind, defect.at.pointer, defect.reason, defect.suggestion


def text_at(text: str, at: Location) -> str:
    """The text a location points at."""
    assert at.span.line == at.span.end_line, at
    return text.split("\n")[at.span.line - 1][at.span.column - 1 : at.span.end_column - 1]
