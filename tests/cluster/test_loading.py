"""Files become objects: all of them, in order, whatever happens to one of them or to the second process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_lint.cluster import loading
from netpol_lint.cluster.helper import Helped, Helper, can_fork
from netpol_lint.cluster.loading import Loaded, Reading, load
from netpol_lint.render.helm import library
from netpol_lint.source.discovery import discover
from netpol_lint.source.documents import FailureKind
from netpol_lint.source.files import File, Trouble, read_file
from netpol_lint.source.limits import DEFAULT, Limits, limits_from
from tests.fuzz.manifests import SEEDS

_CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FORKS = pytest.mark.skipif(not can_fork(), reason="needs fork and a single thread")


@pytest.fixture(autouse=True)
def _alone() -> None:
    """Without the renderer's process and its thread, which other tests leave waiting for the next chart."""
    while library._running:
        library._running.popitem()[1].close()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[File, ...]:
    """Twenty manifests, one without an object of interest, one broken, one gone."""
    monkeypatch.chdir(tmp_path)
    for index in range(20):
        Path(f"{index:02}.yaml").write_text(SEEDS[index % len(SEEDS)], encoding="utf-8")
    Path("03.yaml").write_text("kind: ConfigMap\n", encoding="utf-8")
    Path("07.yaml").write_text("kind: Pod\nx: [\n", encoding="utf-8")
    found = discover(["."]).files
    Path("11.yaml").unlink()
    return found


def _paths(loaded: Loaded) -> list[str]:
    return [objects.path for objects in loaded.files]


def test_files_with_something_in_them_come_in_order(files: tuple[File, ...]) -> None:
    loaded = load(files)
    expected = [f"{index:02}.yaml" for index in range(20) if index not in (3, 11)]
    assert (expected, 19) == (_paths(loaded), loaded.read)


def test_what_cannot_be_read_is_told_and_the_rest_is_read(files: tuple[File, ...]) -> None:
    loaded = load(files)
    (broken,) = [objects for objects in loaded.files if objects.path == "07.yaml"]
    assert (Trouble("11.yaml", "no such file or directory"),) == loaded.troubles
    assert [FailureKind.SYNTAX] == [failure.kind for failure in broken.failures]


def test_comments_for_us_are_kept_even_without_an_object(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# netpol-lint: ignore-file[NP301] reason\nkind: ConfigMap\n")
    (objects,) = load(discover([str(path)]).files).files
    assert (0, ["NP301"]) == (objects.object_count, [named.name for found in objects.ignores for named in found.rules])


def test_objects_without_a_namespace_are_in_the_one_that_is_set(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("apiVersion: v1\nkind: Service\nmetadata: {name: s}\n")
    (objects,) = load(discover([str(path)]).files, Reading(namespace="shop")).files
    assert ["shop"] == [service.meta.ref.namespace for service in objects.services]


def test_files_beyond_the_total_are_not_read(files: tuple[File, ...]) -> None:
    limits = DEFAULT._replace(total=sum(file.size for file in files[:3]))
    loaded = load(files[:5], Reading(limits=limits))
    assert ["00.yaml", "01.yaml", "02.yaml"] == _paths(loaded)
    assert f"2 files are not read: all files together are beyond {limits.total} bytes" == loaded.troubles[0].message


def test_a_file_beyond_the_limit_is_told(files: tuple[File, ...]) -> None:
    smaller = min(files[:2], key=lambda file: file.size)
    loaded = load(files[:2], Reading(limits=DEFAULT._replace(file=smaller.size)))
    assert [smaller.path] == _paths(loaded)
    assert [f"larger than {smaller.size} bytes, so it is not read"] == [t.message for t in loaded.troubles]


def test_beyond_the_number_of_objects_files_are_left_out(files: tuple[File, ...]) -> None:
    first = load(files[:1]).files[0].object_count
    loaded = load(files, Reading(limits=DEFAULT._replace(objects=first)))
    assert "00.yaml" == _paths(loaded)[0]
    assert any("there are more than" in trouble.message for trouble in loaded.troubles)


@FORKS
def test_two_processes_give_what_one_gives(files: tuple[File, ...]) -> None:
    assert load(files, jobs=1) == load(files, jobs=2)


@FORKS
@pytest.mark.parametrize("limit", [{"objects": 7}, {"total": 5_000}, {"file": 900}])
def test_two_processes_give_what_one_gives_at_the_limits(files: tuple[File, ...], limit: dict[str, int]) -> None:
    reading = Reading(limits=limits_from(limit))
    assert load(files, reading, jobs=1) == load(files, reading, jobs=2)


@FORKS
@pytest.mark.skipif(not _CORPUS.is_dir(), reason="the corpus is not here")
def test_two_processes_give_what_one_gives_for_published_repositories() -> None:
    files = discover([str(_CORPUS)], fixtures=frozenset()).files
    assert load(files, jobs=1) == load(files, jobs=2)


@pytest.mark.skipif(not _CORPUS.is_dir(), reason="the corpus is not here")
def test_the_filter_changes_nothing() -> None:
    files = discover([str(_CORPUS / "sock-shop"), str(_CORPUS / "argo-cd")], fixtures=frozenset()).files
    assert load(files, Reading(prefilter=False)) == load(files)


# -- when something goes wrong with the second process -----------------------------------------------------------


def _spoil(monkeypatch: pytest.MonkeyPatch, path: str, spoil: Callable[[], None], *, only_in_child: bool) -> None:
    parent = os.getpid()

    def reading(file: File, limits: Limits) -> bytes | Trouble:
        if file.path == path and not (only_in_child and os.getpid() == parent):
            spoil()
        return read_file(file, limits)

    monkeypatch.setattr(loading, "read_file", reading)


def _raise() -> None:
    raise ValueError("a bug")


@FORKS
def test_an_exception_there_is_one_here(files: tuple[File, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    _spoil(monkeypatch, "06.yaml", _raise, only_in_child=False)
    with pytest.raises(ValueError, match="a bug"):
        load(files, jobs=2)


@FORKS
def test_what_was_not_done_there_is_done_here(files: tuple[File, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load(files, jobs=1)
    _spoil(monkeypatch, "06.yaml", _raise, only_in_child=True)
    assert expected == load(files, jobs=2)


@FORKS
def test_a_file_that_kills_the_process_is_named(files: tuple[File, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    without = load([file for file in files if file.path != "06.yaml"], jobs=1)
    _spoil(monkeypatch, "06.yaml", lambda: os.kill(os.getpid(), signal.SIGKILL), only_in_child=True)
    loaded = load(files, jobs=2)
    trouble = Trouble("06.yaml", "reading it ended the process, so it is not analysed")
    assert Loaded(without.files, tuple(sorted((*without.troubles, trouble))), without.read) == loaded


@FORKS
def test_without_a_second_process_the_first_does_all(files: tuple[File, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError("no more processes")

    expected = load(files, jobs=1)
    monkeypatch.setattr(os, "fork", fork)
    assert expected == load(files, jobs=2)


@FORKS
def test_an_interrupted_run_leaves_no_process() -> None:
    helper = Helper([0], lambda number: signal.pause())
    with pytest.raises(KeyboardInterrupt), helper:
        raise KeyboardInterrupt
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@FORKS
def test_an_interrupt_there_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def interrupt(number: int) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # which a run in the background does not have
        signal.raise_signal(signal.SIGINT)

    with Helper([0], interrupt) as helper:
        helped = helper.results()
    assert (Helped({}, -1), "") == (helped, capfd.readouterr().err)


def test_a_bug_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SEEDS[0], encoding="utf-8")

    def decode(document: object, added: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(loading, "decode", decode)
    (file,) = discover([str(path)]).files
    with pytest.raises(ValueError, match="a bug") as caught:
        load([file])
    assert [f"while reading {file.path}"] == caught.value.__notes__


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are forked on Linux only")
def test_nothing_is_forked_beside_a_thread() -> None:
    import threading

    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    found = can_fork()
    done.set()
    thread.join()
    assert False is found
