"""Puts the core into the package before it is built: the one that the build of core-wasm left, where this is its workspace."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
BUILT = HERE / ".." / ".." / "core-wasm" / "build" / "core.wasm"
PACKAGED = HERE / "src" / "moose_ingest" / "core.wasm"


class BuildWithCore(build_py):
    def run(self) -> None:
        if BUILT.exists():
            PACKAGED.write_bytes(BUILT.read_bytes())
        elif not PACKAGED.exists():
            raise FileNotFoundError(f"{BUILT}: build core-wasm first (pnpm --filter @moose/core run build:wasm)")
        super().run()


setup(cmdclass={"build_py": BuildWithCore})
