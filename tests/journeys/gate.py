"""A line between a browser and a server that a test can cut, or that loses answers."""

import socket
import threading
from contextlib import suppress

PIECE = 65_536


class Gate:
    """Passes bytes on to a server; address and port stay the same while the line is cut.

    ``cut()`` ends every connection and refuses new ones, as a dead spot does.  ``lose(marker)``
    lets the next request whose first bytes hold ``marker`` through to the server and throws the
    answer away: the server did its work, the browser never hears of it.  The line is cut then, as
    a browser by itself tries a request again whose connection broke.
    """

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self._is_cut = False
        self._marker = b""
        self.lost = 0
        self.seen: list[bytes] = []  # the first line of every request that passed
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection and take no new one."""
        with self._lock:
            self._is_cut = True
            for one in list(self._open):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def lose(self, marker: bytes) -> None:
        """Throw away the answer to the next request that holds ``marker``."""
        self._marker = marker

    def close(self) -> None:
        """Stop listening."""
        self.cut()
        self._listening.close()

    def requests(self, start: bytes) -> int:
        """Count the requests that began so."""
        return sum(line.startswith(start) for line in self.seen)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self._is_cut:
                client.close()
                continue
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server, timeout=30)
        except OSError:
            client.close()
            return
        with self._lock:
            late = self._is_cut  # accepted before the cut, not yet among the open ones then
            if not late:
                self._open |= {client, server}
        if late:
            self._end(client, server)
            return
        losing = threading.Event()
        threading.Thread(target=self._back, args=(server, client, losing), daemon=True).start()
        with suppress(OSError):
            while piece := client.recv(PIECE):
                self._look(piece, losing)
                server.sendall(piece)
        self._end(client, server)

    def _look(self, piece: bytes, losing: threading.Event) -> None:
        first = piece.split(b"\r\n", 1)[0]
        if first.endswith(b"HTTP/1.1"):
            self.seen.append(first)
            if self._marker and self._marker in first:
                self._marker = b""
                losing.set()

    def _back(self, server: socket.socket, client: socket.socket, losing: threading.Event) -> None:
        with suppress(OSError):
            while piece := server.recv(PIECE):
                if losing.is_set():
                    self.lost += 1
                    self.cut()
                    break
                client.sendall(piece)
        self._end(client, server)

    def _end(self, *both: socket.socket) -> None:
        with self._lock:
            self._open -= set(both)
        for one in both:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
