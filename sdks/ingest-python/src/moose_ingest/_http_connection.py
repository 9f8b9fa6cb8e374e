"""One kept-alive connection to the server: an attempt has one limit for all of it, and can be called off."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import sys
import time
from typing import Any, Dict, Optional, Union, cast
from urllib.parse import urlsplit

from ._options import HeadersOption
from ._reply import HttpReply, NoReply, Request

MAX_REPLY_BYTES = 8 * 1024 * 1024


class _LimitedSocket:
    """What http.client needs of a socket, each wait within the time that the attempt has left."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.deadline_s = 0.0

    def sendall(self, data: Any) -> None:
        self._limit()
        self.connection.sendall(data)

    def makefile(self, mode: str, *_: object) -> io.BufferedReader:
        return io.BufferedReader(_LimitedReader(self))

    def recv_into(self, buffer: Any) -> int:
        self._limit()
        return self.connection.recv_into(buffer)

    def close(self) -> None:
        """http.client closes before the body is read when no further request may follow: HttpConnection closes for good."""

    def _limit(self) -> None:
        left_s = self.deadline_s - time.monotonic()
        if left_s <= 0:
            raise socket.timeout("the attempt took too long")
        self.connection.settimeout(left_s)


class _LimitedReader(io.RawIOBase):
    def __init__(self, limited: _LimitedSocket) -> None:
        self._limited = limited

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._limited.recv_into(buffer)


class HttpConnection:
    """Belongs to one thread at a time, but for ``abort``. Raises ValueError for a URL that is none of http or https."""

    def __init__(self, url: str, headers: HeadersOption, tls: Optional[ssl.SSLContext]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no http or https address of a server")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._prefix = parts.path.rstrip("/")
        self._headers = headers
        self._tls = tls
        self._http: Optional[http.client.HTTPConnection] = None
        self._socket: Optional[_LimitedSocket] = None
        self._is_aborted = False

    def post(self, request: Request, timeout_ms: float) -> Union[HttpReply, NoReply]:
        """Never raises for what the network does. A kept connection that the server has closed is replaced at once."""
        deadline_s = time.monotonic() + timeout_ms / 1000
        while True:
            was_kept = self._socket is not None
            try:
                return self._attempt(request, deadline_s)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if was_kept and not self._is_aborted and _was_closed(error):
                    continue
                too_late = isinstance(error, socket.timeout) or time.monotonic() >= deadline_s
                return NoReply("the attempt took too long" if too_late else f"no reply arrived ({error!r})", error)

    def abort(self) -> None:
        """From another thread: ends the attempt that is under way; there is none after it."""
        self._is_aborted = True
        limited = self._socket
        if limited is not None:
            try:
                limited.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                # Closed already.
                pass

    def close(self) -> None:
        kept, limited, self._http, self._socket = self._http, self._socket, None, None
        if kept is not None:
            kept.close()
        if limited is not None:
            limited.connection.close()

    def _attempt(self, request: Request, deadline_s: float) -> HttpReply:
        connection = self._open(deadline_s)
        assert self._socket is not None
        self._socket.deadline_s = deadline_s
        own = self._headers() if callable(self._headers) else self._headers
        headers = {"user-agent": _USER_AGENT, **own, **request.headers}
        connection.request("POST", self._prefix + request.path, request.body, headers)
        reply = connection.getresponse()
        body = reply.read(MAX_REPLY_BYTES + 1)
        if len(body) > MAX_REPLY_BYTES:
            raise http.client.HTTPException(f"the reply has more than {MAX_REPLY_BYTES} bytes")
        found: Dict[str, str] = {name.lower(): value for name, value in reply.getheaders()}
        if reply.will_close:
            self.close()
        return HttpReply(reply.status, found, body)

    def _open(self, deadline_s: float) -> http.client.HTTPConnection:
        if self._http is not None:
            return self._http
        if self._is_aborted:
            raise ConnectionAbortedError("the client is closed")
        left_s = max(0.001, deadline_s - time.monotonic())
        opened = socket.create_connection((self._host, self._port), left_s)
        try:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                opened = self._tls.wrap_socket(opened, server_hostname=self._host)
        except BaseException:
            opened.close()
            raise
        self._socket = _LimitedSocket(opened)
        self._http = http.client.HTTPConnection(self._host, self._port)
        self._http.sock = cast(socket.socket, self._socket)
        return self._http


def _was_closed(error: BaseException) -> bool:
    """By the server, before it read the request: nothing of a reply arrived."""
    return isinstance(error, (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError))


def tls_context(verify: bool) -> ssl.SSLContext:
    """Made once for a client: it reads all certificates of the system."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


_USER_AGENT = f"moose-ingest Python/{sys.version_info.major}.{sys.version_info.minor}"
