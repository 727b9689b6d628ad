"""ApplicationSets whose generators read files of the repository: what these say, once all files are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from netpol_lint.cluster.units import FileObjects
from netpol_lint.engine.deploying import Sources
from netpol_lint.render.files import Tree
from netpol_lint.render.plan import ROOT_KINDS
from netpol_lint.render.plan.generator_files import GeneratorFiles
from netpol_lint.render.plan.gitops import Root, roots_in
from netpol_lint.source.documents import Document
from netpol_lint.source.files import Trouble
from netpol_lint.source.limits import Limits


def generated(files: Sequence[FileObjects], sources: Sources, limits: Limits) -> tuple[FileObjects, ...]:
    """The files, with what their ApplicationSets deploy according to other files of the run."""
    tree = sources.tree(limits)
    held = GeneratorFiles(sources.paths, sources.asked, tree)
    return tuple(
        replace(file, roots=list(_roots(file, held, tree))) if any(root.reads_files for root in file.roots) else file
        for file in files
    )


def _roots(file: FileObjects, held: GeneratorFiles, tree: Tree) -> Iterator[Root]:
    documents = tree.documents(file.path)
    if isinstance(documents, Trouble):  # it is not in a directory that was asked for
        yield from file.roots
        return
    for document in documents:
        if isinstance(document, Document) and document.kind in ROOT_KINDS:
            yield from roots_in(document, held)
