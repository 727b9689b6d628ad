"""What GitHub reads from this repository, and what the documentation tells others to give it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from netpol_lint import __version__

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def _checked(tool: str, *arguments: str) -> tuple[int, str]:
    program = Path(sys.executable).with_name(tool)
    if not program.exists():
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-actions", ["action.yml"]),
        ("vendor.github-workflows", [".github/workflows/ci.yml", ".github/workflows/release.yml"]),
        ("vendor.dependabot", [".github/dependabot.yml"]),
    ],
)
def test_the_files_for_github_are_what_github_reads(schema: str, files: list[str]) -> None:
    assert (0, "") == _checked("check-jsonschema", "--builtin-schema", schema, *files)


def test_zizmor_has_nothing_to_say() -> None:
    assert (0, "") == _checked("zizmor", "--offline", "--no-progress", "--persona=pedantic", "action.yml", ".github")


def test_documented_workflows_are_what_github_reads(tmp_path: Path) -> None:
    workflows = _blocks("github-action.md")
    files = [tmp_path / f"{number}.yml" for number in range(len(workflows))]
    for file, text in zip(files, workflows, strict=True):
        file.write_text(text, encoding="utf-8")
    assert (0, "") == _checked("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, files))


def test_documented_hooks_are_what_pre_commit_reads(tmp_path: Path) -> None:
    configs = [text for text in _blocks("pre-commit.md") if text.startswith("repos:")]
    files = [tmp_path / f"{number}.yaml" for number in range(len(configs))]
    for file, text in zip(files, configs, strict=True):
        file.write_text(text, encoding="utf-8")
    assert (0, "") == _checked("pre-commit", "validate-config", *map(str, files))


def test_documented_hooks_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == re.findall(r"^\| `(.*?)` \|", _text("pre-commit.md"), re.MULTILINE)


def test_every_input_and_output_is_documented() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    inputs = [
        f"| `{name}` | {_code(given['default'])} | {given['description']} |" for name, given in action["inputs"].items()
    ]
    outputs = [f"| `{name}` | {given['description']} |" for name, given in action["outputs"].items()]
    assert [*inputs, *outputs] == re.findall(r"^\| `.*$", _text("github-action.md"), re.MULTILINE)


def test_documentation_pins_this_version() -> None:
    pins = re.findall(
        r"netpol-lint/netpol-lint(?:@|\n *rev: )v(\S+)", _text("github-action.md") + _text("pre-commit.md")
    )
    assert {__version__} == set(pins)


def _text(document: str) -> str:
    return (DOCS / document).read_text(encoding="utf-8")


def _blocks(document: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", _text(document), re.MULTILINE | re.DOTALL)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
