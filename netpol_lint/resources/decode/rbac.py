"""RoleBindings and ServiceAccounts, read tolerantly: whose pods call the API server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.pods import at_path, is_false, mappings
from netpol_lint.resources.evidence import Account, RoleBinding, ServiceAccount
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping

GROUP: Final = "rbac.authorization.k8s.io"
CLUSTER_WIDE: Final = "ClusterRoleBinding"
BINDINGS: Final = ("RoleBinding", CLUSTER_WIDE)
_USER: Final = "system:serviceaccount:"
_GROUP_OF_NAMESPACE: Final = "system:serviceaccounts:"


def role_binding(document: Document) -> RoleBinding:
    """A binding with the ServiceAccounts it names, also as the users and groups that stand for them."""
    meta = read(document, GROUP, cluster_wide=document.kind == CLUSTER_WIDE)
    accounts = (_account(subject, meta.namespace) for subject in mappings(document.root.get("subjects")))
    role = text(at_path(document.root, "roleRef", "name"))
    return RoleBinding(meta, role, tuple(account for found in accounts for account in found))


def _account(subject: Mapping, own_namespace: str) -> Iterator[Account]:
    name = text(subject.get("name"))
    at = subject.get("name").location
    match text(subject.get("kind")):
        case "ServiceAccount":
            yield Account(text(subject.get("namespace")) or own_namespace, name, at)
        case "User" if name.startswith(_USER):
            namespace, _, account = name.removeprefix(_USER).partition(":")
            yield Account(namespace, account, at)
        case "Group" if name.startswith(_GROUP_OF_NAMESPACE):
            yield Account(name.removeprefix(_GROUP_OF_NAMESPACE), "", at)
        case _:
            pass


def service_account(document: Document) -> ServiceAccount:
    """A ServiceAccount and whether its pods get its token."""
    mounts_token = not is_false(document.root.get("automountServiceAccountToken"))
    return ServiceAccount(read(document, ""), mounts_token)
