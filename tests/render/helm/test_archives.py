"""Packed charts are unpacked within their directory and limits, or not at all."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest
from hypothesis import given, strategies as st

from netpol_lint.render.helm import archives
from netpol_lint.render.helm.archives import unpack

CHART = ("db/Chart.yaml", b"name: db\n")


def packed(*files: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in (CHART, *files):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if (name, content) != CHART:
                member.type, member.linkname = kind, link
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def test_files_are_those_below_the_directory_of_the_chart() -> None:
    assert unpack(packed(("db/templates/a.yaml", b"a"))) == {"Chart.yaml": b"name: db\n", "templates/a.yaml": b"a"}


@pytest.mark.parametrize("name", ["../a", "/etc/a", "db/../../a", "db/../a", "a", "db\\a", "db/a\nb", "c:/a"])
def test_a_name_outside_is_refused(name: str) -> None:
    assert unpack(packed((name, b"a"))) == f"it holds {name!a}, which is outside the chart's directory"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_what_is_no_file_is_refused(kind: bytes) -> None:
    assert (
        unpack(packed(("db/a", b""), kind=kind, link="/etc/passwd")) == "it holds 'db/a', which is not a regular file"
    )


def test_more_bytes_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    assert unpack(packed(("db/a", bytes(2_000_000)))) == "it unpacks to more than 1000000 bytes"


def test_a_bomb_of_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    assert isinstance(unpack(gzip.compress(bytes(50_000_000))), str)


def test_more_files_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    assert unpack(packed(*((f"db/{n}", b"") for n in range(9)))) == "it holds more than 3 files"


def test_an_archive_without_a_chart_is_none() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz"):
        pass
    assert unpack(stream.getvalue()) == "it holds no Chart.yaml"


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_an_archive_or_not(data: bytes, is_compressed: bool) -> None:
    assert isinstance(unpack(gzip.compress(data) if is_compressed else data), str)
