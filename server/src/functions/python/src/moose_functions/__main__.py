"""`describe <file>…` tells the server what files define; `serve <file> <name>` runs one function."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from moose_functions._load import describe, functions_of, loaded_files
from moose_functions._serve import serve


def _describe(paths: list[str]) -> None:
    """One JSON object a line and file: its functions, or what it threw with the innermost line of the file itself."""
    sys.dont_write_bytecode = True
    for path in paths:
        try:
            described: dict[str, object] = {"file": path, "functions": describe(Path(path))}
        except Exception as error:
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
            line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
            described = {"file": path, "message": f"{type(error).__name__}: {error}", "line": line}
        print(json.dumps(described), flush=True)
    print(json.dumps({"loaded": loaded_files(Path.cwd().resolve())}), flush=True)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "describe":
        _describe(arguments)
    else:
        serve(dict(functions_of(Path(arguments[0])))[arguments[1]])
