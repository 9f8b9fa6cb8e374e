"""The package as it is published: a wheel, installed into a fresh environment, runs the readme's first example."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any, Callable, List

import pytest

SDK = Path(__file__).parents[1]
LIMIT_S = 180


def run(*command: object, cwd: Path) -> str:
    ended = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: what a build leaves behind must not get into the next one."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "moose-ingest"
    shutil.copytree(SDK / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "setup.py", "README.md"):
        shutil.copy(SDK / name, source / name)
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--no-build-isolation", "--wheel-dir", folder, source, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    found = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    run(found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return found


def first_example(url: str) -> str:
    example = re.search(r"```python\n(.*?)```", (SDK / "README.md").read_text(), re.DOTALL)
    assert example is not None
    assert example[1].count("http://localhost:4000") == 1
    return example[1].replace("http://localhost:4000", url)


def test_the_wheel_holds_the_core_and_its_types_and_asks_for_wasmtime_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith("METADATA"))
        text = archive.read(metadata).decode()
    assert {"moose_ingest/core.wasm", "moose_ingest/py.typed", "moose_ingest/__init__.py"} <= set(names)
    assert [name for name in names if not name.startswith(("moose_ingest/", "moose_ingest-"))] == []
    assert re.findall(r"^Requires-Dist: (.*)$", text, re.MULTILINE) == ["wasmtime>=25"]
    assert "Requires-Python: >=3.9" in text
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_first_example_of_the_readme_runs_as_it_stands(
    python: Path, url: str, visible_rows: Callable[[str, str], List[Any]], tmp_path: Path
) -> None:
    (tmp_path / "example.py").write_text(first_example(url))
    position = run(python, "example.py", cwd=tmp_path).strip()
    assert position.startswith("p1.")
    query = "SELECT count() AS n FROM Flight WHERE origin = 'SFO' AND delay = 12"
    assert visible_rows(position, query) == [{"n": "3"}]


def test_the_example_and_the_installed_package_pass_mypy_strict(python: Path, url: str, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(first_example(url))
    (tmp_path / "mypy.ini").write_text("[mypy]\n")
    mypy = (sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", "--config-file", "mypy.ini")
    assert "Success" in run(*mypy, "--python-executable", python, "example.py", cwd=tmp_path)
    installed = run(python, "-c", "import moose_ingest; print(moose_ingest.__path__[0])", cwd=tmp_path).strip()
    assert str(python.parents[1]) in installed
