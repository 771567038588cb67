using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>One end at the level of <see cref="ITransport"/>. It keeps the rules of that contract: a step they forbid is left out.</summary>
internal sealed class TransportActor : Actor, ITransportHandler
{
    private readonly ITransport _transport;
    private long _sent;
    private bool _inCall;
    private bool _reads;
    private bool _asked;
    private bool _ended;
    private bool _finSent;
    private bool _full;
    private bool _over;

    public TransportActor(ITransport transport)
    {
        _transport = transport;
        _transport.Start(this);
    }

    /// <summary>What programs of transports consist of.</summary>
    public static Verbs Verbs { get; } = new(
        [("sends#", 5), ("sends in parts#", 3), ("reads", 4), ("reads once", 3), ("holds", 2), ("ends", 3), ("closes", 2), ("aborts", 2)],
        ["bytes", "end", "failure"]);

    public override string Story => Tale.ToString();

    public override void Leave() => _transport.Abort();

    public void OnReceived(ReadOnlyMemory<byte> chunk)
    {
        Check();
        _asked = false;
        if (chunk.IsEmpty)
        {
            _ended = true;
            Tale.Add("|");
            React("end");
            return;
        }

        Tale.Received(chunk.Span);
        React("bytes");
        Ask(_reads);
    }

    public void OnWritable(int sent)
    {
        Check();
        _full = false;
        Tale.Add($"room {sent}");
    }

    public void OnFailed(ConnectionException error)
    {
        Check();
        _over = true;
        Tale.Add($"#{(error.InnerException as SocketException)?.SocketErrorCode}");
        React("failure");
    }

    protected override void Do(string verb, int amount)
    {
        switch (verb)
        {
            case "sends" when !_over && !_finSent && !_full:
                Send(amount, static (transport, bytes) => transport.Send(bytes));
                break;
            case "sends in parts" when !_over && !_finSent && !_full:
                Send(amount, static (transport, bytes) => transport.Send(Parts(bytes)));
                break;
            case "reads":
                _reads = true;
                Ask(true);
                break;
            case "reads once":
                Ask(true);
                break;
            case "holds":
                _reads = false;
                break;
            case "ends" when !_over:
                _finSent = true;
                Call(_transport.ShutdownSend);
                break;
            case "closes":
                _over = true;
                Call(_transport.Close);
                break;
            case "aborts":
                _over = true;
                Call(_transport.Abort);
                break;
            default:
                break;
        }
    }

    private void Send(int amount, Func<ITransport, byte[], int> send)
    {
        var taken = 0;
        Call(() => taken = send(_transport, Tale.Bytes(_sent, amount)));
        _sent += taken;

        // How much is taken is not told: the kernel may know within the call that the peer is gone, and tells it afterwards.
        _full = taken < amount;
    }

    private static ReadOnlyMemory<byte>[] Parts(byte[] bytes) =>
        [.. bytes.Chunk((bytes.Length / 3) + 1).Select(static part => new ReadOnlyMemory<byte>(part))];

    private void Ask(bool wants)
    {
        if (wants && !_asked && !_ended && !_over)
        {
            _asked = true;
            Call(_transport.Receive);
        }
    }

    private void Call(Action action)
    {
        var outer = _inCall;
        _inCall = true;
        try
        {
            action();
        }
        finally
        {
            _inCall = outer;
        }
    }

    private void Check()
    {
        if (_inCall)
        {
            Tale.Add("(within the call)");
        }

        if (_over)
        {
            Tale.Add("(after it was over)");
        }
    }
}
