"""Whole runs on small repositories, and every console session that the documents show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts import ROOT, directory_of, run, sessions_of

PAGES = (*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("examples/**/*.md")))
DOCUMENTS = (*sorted(ROOT.glob("tests/projects/*/session.txt")), *PAGES)
SESSIONS = [
    pytest.param(document, session, id=f"{document.relative_to(ROOT)}:{number}")
    for document in DOCUMENTS
    for number, session in enumerate(sessions_of(document))
]


@pytest.mark.parametrize(("document", "session"), SESSIONS)
def test_a_session_runs_as_it_is_written_down(document: Path, session: str) -> None:
    assert session == run(session, directory_of(document))
