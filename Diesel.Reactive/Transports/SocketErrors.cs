using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>Every reading of a <see cref="SocketError"/>: which are no errors, which pass, and what to tell the user.</summary>
internal static class SocketErrors
{
    public static bool WouldBlock(SocketError error) =>
        error is SocketError.WouldBlock or SocketError.IOPending or SocketError.TryAgain;

    /// <summary>The peer gave up between the handshake and the accept: nothing to report, go on.</summary>
    public static bool IsGoneBeforeAccept(SocketError error) =>
        error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Interrupted;

    /// <summary>The peer ended a connection in the way it has when it does not care.</summary>
    public static bool IsPeersEnd(SocketError error) =>
        error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;

    /// <summary>An earlier datagram met a port where nobody listens.</summary>
    public static bool IsRefusal(SocketError error) => error is SocketError.ConnectionRefused or SocketError.ConnectionReset;

    /// <summary>Why a connection is lost, when several calls have met it: as the first says, but who asks when the system has told
    /// another hears only that nothing can be sent.</summary>
    /// <param name="known">What was known before, if anything.</param>
    /// <param name="error">What one more call says, or success.</param>
    public static SocketError? Cause(SocketError? known, SocketError error) =>
        error != SocketError.Success && (known is null or SocketError.Shutdown) ? error : known;

    public static ConnectionException Lost(EndPoint local, EndPoint remote, SocketError error) => new(
        $"The {EndPoints.Connection(local, remote)} {LostBecause(error)}.", remote, new SocketException((int)Told(error)));

    public static ConnectionException NotConnected(EndPoint remote, SocketException error) => new(
        $"Cannot connect to {remote}: {Sentence(NotConnectedBecause(error.SocketErrorCode, remote))}", remote, error);

    /// <summary>Nobody listens there, whatever the system says.</summary>
    public static ConnectionException NobodyThere(EndPoint remote) =>
        NotConnected(remote, new SocketException((int)SocketError.ConnectionRefused));

    /// <summary>All endpoints of a peer were dialled in vain.</summary>
    public static Exception NotConnected(string peer, IReadOnlyList<DialledEndPoint> dialled)
    {
        var (endPoint, error) = dialled.Reverse().MaxBy(static one => Tells(CodeOf(one.Error!)));
        return dialled.Count == 1 ? error! : new ConnectionException(
            $"Cannot connect to {peer}. {Listed(dialled)} {NotConnectedBecause(CodeOf(error!), endPoint).Advice}".TrimEnd(), endPoint, error!.InnerException ?? error);
    }

    public static TimeoutException NotConnectedWithin(TimeSpan timeout, string peer, IReadOnlyList<DialledEndPoint> dialled) => new(
        $"No connection to {peer} within {timeout}. {(dialled.Count > 1 ? $"{Listed(dialled)} " : "")}Is it reachable? Raise ConnectTimeout if it is only slow.");

    public static ConnectionException NotListening(string what, EndPoint local, SocketException error) => new(
        $"Cannot {what} {local}: {Sentence(UnavailableBecause(error.SocketErrorCode, local))}", local, error);

    /// <summary>What lies at a Unix socket's path is no socket.</summary>
    public static ConnectionException NotASocket(EndPoint local) => new(
        $"Cannot listen at {local}: a file that is no socket has that path, and is left alone. Remove it, or choose another path.",
        local,
        new SocketException((int)SocketError.AddressAlreadyInUse));

    /// <summary>A Unix socket was dialled at which as many wait as may.</summary>
    public static bool IsBacklogFull(ConnectionException error) =>
        error is { EndPoint: UnixDomainSocketEndPoint, InnerException: SocketException socket } && WouldBlock(socket.SocketErrorCode);

    public static ConnectionException NotAccepted(EndPoint local, SocketError error) => new(
        error == SocketError.TooManyOpenSockets
            ? $"Cannot accept at {local}: {Name(error)}. Those who connect wait, and are refused when that lasts; raise the limit (ulimit -n), or set MaxConnections."
            : $"Cannot accept at {local}: {Name(error)}. Trying again.",
        local,
        new SocketException((int)error));

    public static ConnectionException NotNotified(SocketException error) => new(
        $"Cannot tell systemd of this process: {error.Message}. Is NOTIFY_SOCKET right?", null, error);

    public static ConnectionException NotFound(string host, SocketException error) => new(
        $"Cannot find the host '{host}': {error.Message}. Check the name, or give an address.", null, error);

    public static ConnectionException NotSent(Datagram datagram, SocketError error) => new(
        $"Cannot send a datagram {NotSentBecause(datagram, error)}.", datagram.RemoteEndPoint, new SocketException((int)error));

    /// <summary>One that was longer than any of this library's.</summary>
    public static ConnectionException CutOff(EndPoint local, EndPoint sender) => new(
        $"A datagram from {EndPoints.Text(sender)} to {EndPoints.Text(local)} was dropped: it had more than {Datagram.Largest} bytes.", sender);

    public static ConnectionException NotReceived(EndPoint local, SocketError error) => new(
        (IsRefusal(error), local) switch
        {
            (true, UnixDomainSocketEndPoint) => $"The socket that {local} talks to is gone.",
            (true, _) => $"A datagram sent from {local} was refused: nobody listens at its port (ICMP port unreachable).",
            _ => $"Receiving datagrams at {local} failed: {Name(error)}.",
        },
        local,
        new SocketException((int)error));

    private static string NotSentBecause(Datagram datagram, SocketError error) => (error, datagram.RemoteEndPoint) switch
    {
        (SocketError.MessageSize, UnixDomainSocketEndPoint to) => $"of {datagram.Payload.Length} bytes to {EndPoints.Text(to)}: it is too large; send at most {Datagram.Largest} bytes",
        (SocketError.MessageSize, var to) => $"of {datagram.Payload.Length} bytes to {to}: it is too large for the network; send at most {Datagram.Largest} bytes, and below 1200 to be safe",
        (_, UnixDomainSocketEndPoint to) when to.IsUnnamed() => "to a socket without a name: who sent from there cannot be answered, unless it is bound",
        (SocketError.ConnectionRefused or SocketError.AddressNotAvailable, UnixDomainSocketEndPoint to) => $"to {to}: nobody receives there; start its server first, or send again later",
        (SocketError.WouldBlock or SocketError.TryAgain, UnixDomainSocketEndPoint to) =>
            $"to {to}: as many as the system keeps (net.unix.max_dgram_qlen) are unread there. Send more slowly, or wait for answers",
        (_, IPEndPoint { Port: 0 } to) => $"to {to}: nobody can listen at port 0. Give the receiver's port; who sent from port 0 cannot be answered",
        (_, var to) => $"to {to}: {Name(error)}",
    };

    // Since nobody sends behind an end of his own, EPIPE stands for a reset: one behind the peer's FIN, or one that another call was told.
    // Whether it answers what was sent or came by itself cannot be known for sure, so no network says more than that it came.
    private static SocketError Told(SocketError error) => error == SocketError.Shutdown ? SocketError.ConnectionReset : error;

    private static string LostBecause(SocketError error) => Told(error) switch
    {
        SocketError.ConnectionReset => "was reset by the peer",
        SocketError.ConnectionAborted => "was closed by the peer while we were sending",
        SocketError.TimedOut => "timed out: the peer no longer answers",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "was lost: the peer cannot be reached any more",
        _ => $"failed: {Name(error)}",
    };

    private static (string What, string Advice) NotConnectedBecause(SocketError error, EndPoint remote) => (error, remote) switch
    {
        (SocketError.ConnectionRefused, UnixDomainSocketEndPoint) => ("nobody listens there", "Is its server running?"),
        (SocketError.AddressNotAvailable, UnixDomainSocketEndPoint) => ("there is no such socket", "Is its server running, and the path right?"),
        (SocketError.AccessDenied, UnixDomainSocketEndPoint) => ("not allowed", "It takes write permission on the socket's file: see the mode its server gives it."),
        (SocketError.ProtocolType, UnixDomainSocketEndPoint) => ("it is a socket of another kind", "There are some for streams and some for datagrams."),
        _ => NotConnectedBecause(error),
    };

    private static (string What, string Advice) NotConnectedBecause(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ("connection refused", "Is something listening there?"),
        SocketError.TimedOut => ("no answer", "Is the address right, and does a firewall drop the packets?"),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => ("there is no route to it", "Check the address and the network."),
        SocketError.AddressAlreadyInUse => ("the local endpoint is in use", "Leave LocalEndPoint's port 0 to let the system choose."),
        SocketError.AddressNotAvailable => ("this machine does not have the local address, or no port is free", "Check LocalEndPoint."),
        _ => (Name(error), AdviceOn(error)),
    };

    private static (string What, string Advice) UnavailableBecause(SocketError error, EndPoint local) => (error, local) switch
    {
        (SocketError.AddressAlreadyInUse, UnixDomainSocketEndPoint) => ("somebody listens there", "Stop the program that does, or choose another path."),
        (SocketError.AccessDenied, UnixDomainSocketEndPoint) => ("not allowed", "Its directory must let this process make files."),
        (SocketError.AddressNotAvailable, UnixDomainSocketEndPoint) => ("its directory does not exist", "Make it first."),
        _ => UnavailableBecause(error),
    };

    private static (string What, string Advice) UnavailableBecause(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => ("the port is in use", "Stop the program that has it, or choose another port (0 lets the system choose)."),
        SocketError.AccessDenied => ("not allowed", "Ports below 1024 need privileges: choose a higher port."),
        SocketError.AddressNotAvailable => ("this machine does not have that address", ""),
        _ => (Name(error), AdviceOn(error)),
    };

    // .NET's own text for the first speaks of the whole system, and its sockets do not tell the two apart.
    public static string Name(SocketError error) => error switch
    {
        SocketError.TooManyOpenSockets => "too many open files in this process",
        SocketError.NoBufferSpaceAvailable => "the system is out of memory for sockets, or has too many open files",
        SocketError.AddressFamilyNotSupported => "this machine does not support that kind of address",
        _ => new SocketException((int)error).Message,
    };

    private static string AdviceOn(SocketError error) => error switch
    {
        SocketError.TooManyOpenSockets => "Close some, or raise the limit (ulimit -n).",
        _ => "",
    };

    private static string Sentence((string What, string Advice) because) => $"{because.What}. {because.Advice}".TrimEnd();

    private static string Listed(IReadOnlyList<DialledEndPoint> dialled) =>
        $"Tried {dialled.Count} addresses: {string.Join(", ", dialled.Select(static one => $"{one.EndPoint} ({Briefly(one.Error)})"))}.";

    private static string Briefly(Exception? error) => error switch
    {
        null => "no answer yet",
        ConnectionException { EndPoint: { } remote, InnerException: SocketException system } => NotConnectedBecause(system.SocketErrorCode, remote).What,
        { InnerException: SocketException system } => NotConnectedBecause(system.SocketErrorCode).What,
        _ => error.Message,
    };

    private static SocketError CodeOf(Exception error) => (error.InnerException as SocketException)?.SocketErrorCode ?? SocketError.SocketError;

    // A machine that has no way to addresses of a family says nothing about the peer, nor does silence.
    private static int Tells(SocketError error) => error switch
    {
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable => 0,
        SocketError.TimedOut => 1,
        _ => 2,
    };
}
