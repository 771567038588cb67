"""Echoes lines with Twisted, on its epoll reactor. Ends when its standard input closes."""
import sys

from twisted.internet import epollreactor

epollreactor.install()

from twisted.internet import protocol, reactor, stdio  # noqa: E402
from twisted.protocols.basic import LineOnlyReceiver  # noqa: E402


class Echo(LineOnlyReceiver):
    MAX_LENGTH = 65536

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)

    def lineReceived(self, line):
        self.sendLine(line)


class UntilInputCloses(protocol.Protocol):
    def connectionLost(self, reason):
        if reactor.running:
            reactor.stop()


factory = protocol.Factory.forProtocol(Echo)
factory.noisy = False
listener = reactor.listenTCP(int(sys.argv[1]), factory, backlog=4096, interface="127.0.0.1")
print(f"listening on 127.0.0.1:{listener.getHost().port}", flush=True)
stdio.StandardIO(UntilInputCloses())
reactor.run()
