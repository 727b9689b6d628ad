"""The page of the map in a real browser: it shows, searches, focuses, filters, explains; names do nothing in it."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from netpol_lint.connectivity.choosing import Choice
from netpol_lint.connectivity.connections import UnitMap
from tests.connectivity.making import cluster
from tests.connectivity.test_mapping import DATA, JOB, SHOP, WEB, WEB_ONLY, one_map
from tests.report.connecting import ANYWHERE, HTTP, pod, shown, table

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not BROWSER, reason="no Chromium on PATH")]
_SHOP = one_map(cluster(namespaces=SHOP, pods=(WEB, DATA, JOB), policies=(WEB_ONLY,)), Choice(reasons=True))


class Page:
    """What a browser makes of a page opened with a state, after a user did something in it."""

    def __init__(self, directory: Path, made: UnitMap, act: str = "", **state: str) -> None:
        file = directory / "map.html"
        file.write_text(_with_user(shown("html", made), act), encoding="utf-8")
        command = [
            *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={directory / 'profile'}"),
            *("--virtual-time-budget=4000", "--dump-dom", f"file://{file}#{urlencode(state)}"),
        ]
        done = subprocess.run(command, capture_output=True, check=True, timeout=120)
        self.text = done.stdout.decode("utf-8")

    def part(self, name: str) -> str:
        """The text of an element by its id."""
        found = re.search(rf'<(\w+)[^>]* id="{name}"[^>]*>(.*?)</\1>', self.text, re.DOTALL)
        assert found, self.text[:2000]
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[2])).split())

    def pressed(self) -> list[str]:
        """The endpoints in focus, as the list of endpoints marks them."""
        return re.findall(r'<button [^>]*title="([^"]*)" aria-pressed="true"', self.text)


def _with_user(page: str, act: str) -> str:
    """The page with a second script, which its policy lets run too."""
    digest = base64.b64encode(sha256(act.encode()).digest()).decode()
    allowed = page.replace("script-src '", f"script-src 'sha256-{digest}' '", 1)
    return allowed.replace("</body>", f"<script>{act}</script></body>") if act else page


def test_a_small_map_is_a_matrix_with_buttons(tmp_path: Path) -> None:
    page = Page(tmp_path, _SHOP)
    cells = re.findall(r'class="(all|some|unknown)" title="([^"]*)"', page.text)
    expected = [(c.source.id, c.destination.id) for c in _SHOP.table.connections()]
    assert expected == [tuple(title.split(": ")[0].split(" to ")) for _, title in cells]


def test_an_edge_shows_the_deciding_rule_with_file_and_line(tmp_path: Path) -> None:
    page = Page(tmp_path, _SHOP, edge="shop/Pod/web\nshop/Pod/data")
    expected = (
        "From shop/Pod/web To shop/Pod/data Allowed TCP/5432"
        " What lets it out No policy restricts what the source sends."
        " What lets it in test.yaml:1:0 allow by shop/data spec.ingress[0] NetworkPolicy"
    )
    assert expected == re.sub(r"test\.yaml:1:\d+", "test.yaml:1:0", page.part("detail"))


def test_a_click_on_a_cell_explains_it(tmp_path: Path) -> None:
    page = Page(tmp_path, _SHOP, act="document.querySelector('td.cell button.some').click()")
    assert (True, True) == ("shop/data spec.ingress[0]" in page.part("detail"), 'class="some chosen"' in page.text)


def test_a_click_on_a_line_of_the_drawing_explains_it(tmp_path: Path) -> None:
    click = "document.querySelector('g.edge').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    page = Page(tmp_path, _SHOP, act=click, focus="shop/Pod/data")
    assert page.part("detail").startswith("From shop/Pod/web To shop/Pod/data Allowed TCP/5432")


def test_a_click_on_an_endpoint_puts_it_in_focus_and_typing_filters(tmp_path: Path) -> None:
    act = """
    document.querySelector('nav button[title="shop/Pod/web"]').click();
    const port = document.getElementById('port');
    port.value = 'udp/53';
    port.dispatchEvent(new Event('input'));
    """
    page = Page(tmp_path, _SHOP, act=act)
    view = page.part("view")
    assert (["shop/Pod/web"], True) == (page.pressed(), "it may open connections to 2" in view)


def test_a_focus_shows_who_may_call_a_workload_and_whom_it_may_call(tmp_path: Path) -> None:
    page = Page(tmp_path, _SHOP, focus="shop/Pod/data")
    view = page.part("view")
    assert (["shop/Pod/data"], True, True) == (
        page.pressed(),
        "1 may open connections to it" in view,
        "it may open connections to 3" in view,
    )


def test_a_search_lists_the_connections_of_what_it_finds(tmp_path: Path) -> None:
    page = Page(tmp_path, _SHOP, search="JOB")
    assert (
        "tools job (Pod)",
        [
            "shop/Pod/data → tools/Pod/job",
            "shop/Pod/web → tools/Pod/job",
            "tools/Pod/job → shop/Pod/web",
            "tools/Pod/job → 0.0.0.0/0",
            "0.0.0.0/0 → tools/Pod/job",
        ],
    ) == (page.part("endpoints"), re.findall(r"[^ ]+ → [^ ]+(?=: all ports)", page.part("view")))


@pytest.mark.parametrize(("port", "shows"), [("5432", True), ("tcp/5432", True), ("UDP/5432", False), ("80", False)])
def test_a_port_keeps_what_allows_it(tmp_path: Path, port: str, shows: bool) -> None:
    page = Page(tmp_path, _SHOP, port=port)
    assert shows is ("shop/Pod/web to shop/Pod/data" in page.text)


def test_a_large_map_is_a_list_that_goes_on(tmp_path: Path) -> None:
    made = one_map(cluster(pods=[{**WEB, "name": f"web-{number}"} for number in range(50)]))
    page = Page(tmp_path, made)
    assert (200, True) == (page.text.count('<li class="edge">'), "Show more" in page.part("view"))


def test_names_are_text_and_run_nothing(tmp_path: Path) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>"
    made = UnitMap(attack, table((pod(attack), pod("b"), ANYWHERE), {(0, 1): HTTP, (2, 0): HTTP}))
    page = Page(tmp_path, made, focus=made.table.endpoints[0].id, edge=f"{made.table.endpoints[0].id}\nshop/Pod/b")
    body = re.sub(r'<script type="app.*?</script>', "", page.text.partition("<body>")[2], flags=re.DOTALL)
    assert (1, False, True) == (
        page.text.count("<title>Connections the policies allow</title>"),
        "<img" in body,
        attack in page.part("detail").replace("> <", "><"),
    )


def test_the_script_runs_without_complaint(tmp_path: Path) -> None:
    page = Page(tmp_path, _SHOP, unit="7", focus="nobody", port="nonsense")
    assert "No connection fits." in page.part("view") or "from \\ to" in page.part("view")
