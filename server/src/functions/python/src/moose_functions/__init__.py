"""Stream functions of a Moose project in Python: decorate a function, return events of the generated classes."""

from moose_functions._function import (
    BatchContext,
    Context,
    Log,
    StateContext,
    StreamFunction,
    stateful_function,
    stream_function,
)

__all__ = ["BatchContext", "Context", "Log", "StateContext", "StreamFunction", "stateful_function", "stream_function"]
