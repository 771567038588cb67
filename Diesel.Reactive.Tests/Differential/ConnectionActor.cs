using System.Buffers;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>One end at the level of <see cref="Connection"/>: there is nothing it may not do at any time.</summary>
internal sealed class ConnectionActor : Actor
{
    // A program waits for no time-out: what takes that long is told as not yet done.
    private static readonly TcpConnectOptions Options = new() { CloseTimeout = TimeSpan.FromHours(1) };

    private readonly Connection _connection;
    private readonly Stack<IDisposable> _holds = new();
    private System.Reactive.Disposables.SingleAssignmentDisposable? _reader;
    private long _sent;

    public ConnectionActor(ITransport transport, Hub hub)
    {
        _connection = Tcp.Over(transport, Options, hub);
        _connection.Closed.Register(() => Tell("closed"));
    }

    /// <summary>What programs of connections consist of.</summary>
    public static Verbs Verbs { get; } = new(
        [
            ("sends#", 5), ("writes#", 4), ("sends and waits#", 3), ("waits for room", 1), ("reads all", 5), ("reads frames of#", 2), ("reads one of#", 3),
            ("reads some, at most#", 2), ("reads a body of#", 2), ("takes by hand#", 2), ("leaves off reading", 2),
            ("pauses", 1), ("goes on", 1), ("completes", 2), ("disposes", 2), ("aborts", 1), ("fails", 1),
        ],
        ["bytes", "end", "failure", "closed", "sent", "room"]);

    public override string Story => _connection.PendingBytes == 0 ? Tale.ToString() : $"{Tale} ({_connection.PendingBytes} pending)";

    public override void Leave() => _connection.Abort();

    protected override void Do(string verb, int amount)
    {
        switch (verb)
        {
            case "sends":
                _connection.OnNext(Next(amount));
                break;
            case "writes":
                Next(amount).CopyTo(_connection.Output.GetSpan(amount));
                _connection.Output.Advance(amount);
                break;
            case "waits for room":
                _connection.Room().Subscribe(_ => Tell("room"), error => Tell($"no room: {Name(error)}"));
                break;
            case "sends and waits":
                _connection.Send(Next(amount)).Subscribe(_ => Tell("sent"), error => Tell($"not sent: {Name(error)}"));
                break;
            case "reads all":
                Read(_connection);
                break;
            case "reads frames of":
                Read(_connection.Decode(Framing.Bytes(amount)));
                break;
            case "reads one of":
                Read(_connection.Read(Framing.Bytes(amount)));
                break;
            case "reads some, at most":
                Read(_connection.ReadSome(amount).Repeat());
                break;
            case "reads a body of":
                Read(_connection.Body(amount));
                break;
            case "takes by hand":
                Read(_connection.Input.More().Repeat().TakeWhile(static more => more).Select(_ => Take(amount)));
                break;
            case "leaves off reading":
                _reader?.Dispose();
                _reader = null;
                break;
            case "pauses":
                _holds.Push(_connection.Pause());
                break;
            case "goes on" when _holds.TryPop(out var hold):
                hold.Dispose();
                break;
            case "completes":
                _connection.OnCompleted();
                break;
            case "disposes":
                _connection.Dispose();
                break;
            case "aborts":
                _connection.Abort();
                break;
            case "fails":
                _connection.OnError(new NotSupportedException("as the program says"));
                break;
            default:
                break;
        }
    }

    private byte[] Next(int amount)
    {
        var bytes = Tale.Bytes(_sent, amount);
        _sent += amount;
        return bytes;
    }

    private ReadOnlyMemory<byte> Take(int most)
    {
        var unread = _connection.Input.Peek();
        var taken = unread.Slice(0, Math.Min(most, unread.Length)).ToArray();
        _connection.Input.Advance(taken.Length);
        return taken;
    }

    private void Read(IObservable<ReadOnlyMemory<byte>> source)
    {
        if (_reader is not null)
        {
            return;
        }

        var reader = new System.Reactive.Disposables.SingleAssignmentDisposable();
        _reader = reader;
        reader.Disposable = source.Subscribe(
            bytes =>
            {
                Tale.Received(bytes.Span);
                React("bytes");
            },
            error => End($"!{Name(error)}", "failure"),
            () => End("|", "end"));
    }

    private void End(string how, string trigger)
    {
        _reader = null;
        Tale.Add(how);
        React(trigger);
    }

    private void Tell(string what)
    {
        Tale.Add(what);
        React(what);
    }

    private string Name(Exception error) =>
        $"{error.GetType().Name}({(error.InnerException as SocketException)?.SocketErrorCode}{(error as TruncatedFrameException)?.PendingBytes})" +
        $"[{error.Message.Replace($"{_connection.LocalEndPoint}", "here", StringComparison.Ordinal).Replace($"{_connection.RemoteEndPoint}", "there", StringComparison.Ordinal)}]";
}
