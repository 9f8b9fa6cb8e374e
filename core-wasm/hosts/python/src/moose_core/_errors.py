"""What is raised when a call cannot be answered; refused rows are no error but an answer."""

from __future__ import annotations

from typing import Literal

CoreErrorCode = Literal["invalid_rows", "block_too_large", "out_of_memory", "trapped"]


class CoreError(Exception):
    """A call that could not be answered.

    - ``invalid_rows``: rows that were fed do not fit the model; the block is as before the call.
    - ``block_too_large``: feed fewer rows at a time; the block is as before the call.
    - ``out_of_memory``: the host refused more memory; what an encoder held is lost.
    - ``trapped``: the module stopped for another reason, a defect of the core; what an encoder held is lost.
    """

    def __init__(self, code: CoreErrorCode, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.code: CoreErrorCode = code
        self.row = row
