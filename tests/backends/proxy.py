"""A TCP proxy of the tests' own, which can hurt what passes through it."""

import random
import socket
import struct
import threading


class Proxy:
    """Passes bytes between clients and 127.0.0.1:target. A context manager."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._pairs = set()
        self._cut_after = None
        self._garbage = b""
        self._flowing = threading.Event()
        self._flowing.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_replies_after(self, most_bytes):
        """Each connection is reset after at most so many bytes of replies, in the middle of one;
        None: no more of that."""
        self._cut_after = most_bytes

    def answer_garbage(self, garbage):
        """Each connection's next reply is replaced by these bytes; b"": no more of that."""
        self._garbage = garbage

    def stall(self, stalled):
        """No reply goes on, also not one of which a part has passed, until told otherwise."""
        if stalled:
            self._flowing.clear()
        else:
            self._flowing.set()

    def cut_all(self):
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                reset(end)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                reset(client)
                continue
            server.settimeout(None)
            pair = (client, server)
            with self._lock:
                self._pairs.add(pair)
            threading.Thread(target=self._pump, args=(client, server, pair), daemon=True).start()
            threading.Thread(target=self._replies, args=(server, client, pair),
                             daemon=True).start()

    def _pump(self, source, sink, pair):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        self._end(pair)

    def _replies(self, server, client, pair):
        left = None
        try:
            while data := server.recv(65536):
                if self._garbage:
                    client.sendall(self._garbage)
                    continue
                if self._cut_after is not None:
                    left = random.randrange(1, self._cut_after) if left is None else left
                    client.sendall(data[:left])
                    left -= len(data)
                    if left <= 0:
                        break
                else:
                    self._send(client, data)
        except OSError:
            pass
        self._end(pair)

    def _send(self, client, data):
        if not self._flowing.is_set():
            client.sendall(data[:len(data) // 2])
            data = data[len(data) // 2:]
            self._flowing.wait()
        client.sendall(data)

    def _end(self, pair):
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            reset(end)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        self.stall(False)
        self.cut_all()


def reset(connection):
    """Closes so that the peer sees a reset, whoever still reads from it."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()
