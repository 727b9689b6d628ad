"""What is to be rendered, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netpol_lint.records import NamedTuple
from netpol_lint.source.documents import Document, Failure
from netpol_lint.source.location import Location


class Job(NamedTuple):
    """One thing to render."""

    kind: str
    """`kustomize`, `helm` or `files`."""
    root: str
    """The directory (display path, posix) of a kustomization, a chart or plain files."""
    unit: str
    """The name of the unit: the root, or `root (values-prod.yaml)`."""
    namespace: str = ""
    """What the renderer or a GitOps root gives objects that name none; "" if nothing is said."""
    cluster: str = ""
    """What is known of the cluster it goes to."""
    release: str = ""
    """Helm: the release's name."""
    values: tuple[str, ...] = ()
    """Helm: values files in order, as display paths."""
    set_values: Mapping[str, Any] | tuple[()] = ()
    """Helm: the inline values of a HelmRelease or an Application, as plain data."""
    sets_namespace: bool = False
    """Whether `namespace` takes the place of what objects say themselves, as Flux's `targetNamespace` does."""
    variables: Mapping[str, str] | tuple[()] = ()
    """What Flux fills in for `${NAME}`, as far as it is known."""
    why: str = ""
    """One sentence for `--show-units`."""


class NotRendered(NamedTuple):
    """Something of a job that could not be rendered: NP010."""

    job: Job
    reason: str
    at: Location
    remedy: str = ""
    renderer: str = ""
    """What was to render it, with its version; "" for what is built in, or if there is nothing to do so."""


class Rendered(NamedTuple):
    """What a job gave."""

    job: Job
    documents: tuple[Document | Failure, ...]
    """Their nodes keep the file and the place a person wrote them at."""
    used: frozenset[str]
    """Display paths of all files that went into it: bases, patches, templates, values."""
    problems: tuple[NotRendered, ...]
    closed: bool
    """False where something is remote, missing or generated, so that absence proves nothing."""
    renderer: str
    """`built-in`, `kubectl kustomize v5.5.0`, `helm v4.0.1`, ..."""
    switched_off: tuple[str, ...] = ()
    """Path and text of each template of a chart that could give pods, and gives nothing with these values."""
