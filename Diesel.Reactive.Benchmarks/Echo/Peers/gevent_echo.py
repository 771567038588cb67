"""Echoes lines with gevent, as its own example does. Ends when its standard input closes."""
import socket
import sys

from gevent.fileobject import FileObjectPosix
from gevent.server import StreamServer


def echo(client, address):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with client.makefile(mode="rb") as lines:
        try:
            for line in lines:
                client.sendall(line)
        except OSError:
            pass  # The client is gone; so is this loop.


server = StreamServer(("127.0.0.1", int(sys.argv[1])), echo, backlog=4096)
server.start()
print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
FileObjectPosix(sys.stdin.fileno(), "rb", close=False).read()
