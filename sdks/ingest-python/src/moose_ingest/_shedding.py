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

    Models of ``shed_first`` go first, in its order, then all others; within each the oldest first.
    """
    present = list(chunks)
    rank = {model: index for index, model in enumerate(shed_first)}
    in_order = sorted(present, key=lambda chunk: (rank.get(chunk.model, len(rank)), chunk.key))
    return take_until(in_order, sum(chunk.bytes for chunk in present) + more_bytes - max_bytes)


def take_until(in_order: Iterable[Chunk], missing_bytes: int) -> Optional[List[Chunk]]:
    """The first pieces that make up what is missing, or None; looks at no more of them. What is under way stays."""
    going: List[Chunk] = []
    if missing_bytes <= 0:
        return going
    for chunk in in_order:
        if not chunk.is_under_way:
            going.append(chunk)
            missing_bytes -= chunk.bytes
            if missing_bytes <= 0:
                return going
    return None
