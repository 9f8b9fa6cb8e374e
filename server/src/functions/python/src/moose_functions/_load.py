"""Finds the stream functions of a file, and describes them for the server."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from moose_functions._function import StreamFunction


def functions_of(path: Path) -> list[tuple[str, StreamFunction]]:
    """Names and functions that the file defines. One alone has the file's name if it gives none itself."""
    module = _load(path)
    found = [(name, value) for name, value in vars(module).items() if isinstance(value, StreamFunction)]
    own = [(name, value) for name, value in found if getattr(value.run, "__module__", "") == module.__name__]
    if len(own) == 1:
        return [(own[0][1].name or path.stem.replace("_", "-"), own[0][1])]
    return [(value.name or name.replace("_", "-"), value) for name, value in own]


def describe(path: Path) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "language": "python",
            "mode": function.mode,
            "from": [_reference(model) for model in function.source],
            "to": [_reference(model) for model in function.to],
            "limits": function.limits,
            "startAt": function.start_at,
        }
        for name, function in functions_of(path)
    ]


def loaded_files(folder: Path) -> list[str]:
    """Files of the project that were imported: a change of one of them changes its functions."""
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    return sorted({file for file in files if file is not None and Path(file).resolve().is_relative_to(folder)})


def _reference(model: Any) -> dict[str, str]:
    if not hasattr(model, "__moose_model__"):
        raise TypeError(f"{model!r} is no model: import it from moose_models, which Moose generates")
    return {"model": model.__moose_model__, "version": model.__moose_version__}


def _load(path: Path) -> ModuleType:
    # The project's own modules are found from its folder.
    sys.path.insert(0, os.getcwd())
    spec = importlib.util.spec_from_file_location(f"moose_function_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module
