"""Which queued pieces go when a full queue sheds: pure."""

from __future__ import annotations

from typing import Iterable, List, NamedTuple, Optional, Sequence


class Chunk(NamedTuple):
    key: int
    model: str
    bytes: int
    is_under_way: bool


def plan_shedding(
    chunks: Iterable[Chunk], shed_first: Sequence[str], max_bytes: int, more_bytes: int
) -> Optional[List[Chunk]]:
    """The pieces to remove, in order; None when all that may go is not enough, and the newcomer is shed.

    Models of ``shed_first`` go first, in its order, then all others; within each the oldest first. What is under way stays.
    """
    present = list(chunks)
    missing = sum(chunk.bytes for chunk in present) + more_bytes - max_bytes
    rank = {model: index for index, model in enumerate(shed_first)}
    movable = [chunk for chunk in present if not chunk.is_under_way]
    movable.sort(key=lambda chunk: (rank.get(chunk.model, len(rank)), chunk.key))
    going: List[Chunk] = []
    for chunk in movable:
        if missing <= 0:
            break
        going.append(chunk)
        missing -= chunk.bytes
    return going if missing <= 0 else None
