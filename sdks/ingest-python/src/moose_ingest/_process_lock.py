"""A file that one process at a time can hold; the system lets go of it when the process dies, however it dies."""

from __future__ import annotations

import os
import sys
from typing import Optional, Union


class ProcessLock:
    def __init__(self, path: Union[str, os.PathLike[str]]) -> None:
        self._path = os.fspath(path)
        self._file: Optional[int] = None

    @property
    def is_held(self) -> bool:
        return self._file is not None

    def try_take(self) -> bool:
        """Whether this object holds it now. Raises OSError when the file cannot be made."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(file):
            self._file = file
            return True
        os.close(file)
        return False

    def release(self) -> None:
        """Also what a child does after a fork with what it inherited: its parent goes on holding it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        # Of the open file, not of the process (unlike lockf): two clients of one process exclude each other, too.
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
