"""One render of a prepared chart by whichever renderer there is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.helm.bounded import Allowance, Ran, run
from netpol_lint.render.helm.manifests import Manifest, numbered, printed, returned
from netpol_lint.render.helm.programs import Renderer

NOT_YAML: Final = "YAML parse error on "
"""How Helm complains of a template that does not give YAML; all of the chart is then refused."""


class Request(NamedTuple):
    """What is rendered."""

    directory: str
    """Where the operating system finds the prepared chart."""
    home: str
    """A directory for the program to run in, with nothing that it would take for settings."""
    values: tuple[str, ...]
    """Where it finds the files of values, in order."""
    release: str
    namespace: str


class Output(NamedTuple):
    """What a render gave: documents, and what went wrong in the renderer's own words."""

    manifests: tuple[Manifest, ...]
    error: str = ""


def rendered(request: Request, renderer: Renderer, allowance: Allowance, *, even_if_not_yaml: bool = False) -> Output:
    """Render once. A template that gives no YAML is an error and among the documents, as all others still are.

    `even_if_not_yaml` says that this is to be expected, and saves the second attempt.
    """
    if renderer.kind == "binary":
        return _by_program(request, renderer, allowance, even_if_not_yaml)
    return _by_library(request, renderer, allowance)


def _by_program(request: Request, renderer: Renderer, allowance: Allowance, even_if_not_yaml: bool) -> Output:
    command = [
        renderer.location,
        "template",
        request.release,
        request.directory,
        f"--namespace={request.namespace}",
        *(f"--values={path}" for path in request.values),
        "--skip-tests",
        "--include-crds",
    ]
    debug = [*command, "--debug"]  # prints what the templates gave even if that is not YAML
    ran = run(debug if even_if_not_yaml else command, request.home, allowance)
    error = _error(ran)
    if NOT_YAML in error and not even_if_not_yaml:
        ran = run(debug, request.home, allowance)
        error = ran.trouble or error
    if ran.trouble or (error and NOT_YAML not in error):
        return Output((), error)
    return Output(tuple(printed(ran.output.decode("utf-8", "replace"))), error)


def _error(ran: Ran) -> str:
    return ran.trouble or (_complaint(ran.errors) if ran.code else "")


def _complaint(errors: str) -> str:
    """Helm's own: what follows `Error:` at the start of a line, else the last that was said."""
    _, found, complaint = f"\n{errors}".rpartition("\nError: ")
    text = complaint.partition("\n\nUse --debug")[0] if found else errors.strip().rpartition("\n")[2]
    return text.strip() or "it failed without a word"


def _by_library(request: Request, renderer: Renderer, allowance: Allowance) -> Output:
    from netpol_lint.render.helm.library import library

    values = [Path(path).read_text("utf-8", "replace") for path in request.values]
    answer = library(renderer, allowance).ask(
        {"chart": request.directory, "values": values, "name": request.release, "namespace": request.namespace}
    )
    if "error" in answer:
        return Output((), str(answer["error"]))
    definitions = numbered((str(name), str(text)) for name, text in answer["definitions"])
    return Output(tuple(sorted([*returned(answer["files"]), *definitions])))
