"""A mail server that says yes, reads, and forgets at once.

It costs so little that the sender is the limit.

python sink.py PORT
"""

import selectors
import socket
import sys

_END = b"\r\n.\r\n"
_HELLO = b"250-sink.example.org\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 PIPELINING\r\n"
_ANSWERS = {
    b"EHLO": _HELLO,
    b"HELO": b"250 sink.example.org\r\n",
    b"DATA": b"354 Go on\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}
_YES = b"250 2.0.0 Ok\r\n"


class Conversation:
    """One connection."""

    def __init__(self) -> None:
        self.in_content = False
        #: What may be the beginning of an end, or of a line.
        self.rest = b""

    def answer(self, came: memoryview) -> bytes:
        """Read what has come, and return what to say."""
        data = self.rest + came
        at = 0
        said: list[bytes] = []
        while True:
            if self.in_content:
                end = data.find(_END, at)
                if end < 0:
                    self.rest = data[max(at, len(data) - len(_END) + 1) :]
                    return b"".join(said)
                at, self.in_content = end + len(_END), False
                said.append(_YES)
            end = data.find(b"\n", at)
            if end < 0:
                self.rest = data[at:]
                return b"".join(said)
            verb = data[at : at + 4].upper()
            self.in_content = verb == b"DATA"
            # The line's own end may be the first half of an end that follows at once.
            at = end - 1 if self.in_content else end + 1
            said.append(_ANSWERS.get(verb, _YES))


def serve(port: int) -> None:
    """Serve for ever."""
    listening = socket.create_server(("127.0.0.1", port), backlog=256)
    selector = selectors.DefaultSelector()
    selector.register(listening, selectors.EVENT_READ)
    buffer = bytearray(1 << 18)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listening:
                connection, _ = listening.accept()
                selector.register(connection, selectors.EVENT_READ, Conversation())
                connection.sendall(b"220 sink.example.org ESMTP\r\n")
                continue
            try:
                count = key.fileobj.recv_into(buffer)
                if words := key.data.answer(memoryview(buffer)[:count]):
                    key.fileobj.sendall(words)
            except OSError:
                count = 0
            if not count:
                selector.unregister(key.fileobj)
                key.fileobj.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
