using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Watches connections between two conversations: what comes then, and what the last conversation left unread, would be
/// taken for the next one's answer.</summary>
/// <param name="tolerates"><see cref="ClientOptions.Tolerates"/>.</param>
internal sealed class ConnectionWatch(Framing<bool>? tolerates)
{
    private readonly Unasked _unasked = new(tolerates);

    /// <summary>Tells by its end, whatever it is, that the connection is no good any more. Drops what is tolerated.</summary>
    public IObservable<int> Of(Connection connection) =>
        tolerates is null && connection.Life.Input.Buffered > 0
            ? Observable.Throw<int>(Refused()) // At once, also within a delivery of the connection's.
            : connection.Read(_unasked);

    /// <summary>Closes the connection as soon as it is no good any more.</summary>
    public IDisposable Begin(Connection connection) =>
        Of(connection).Subscribe(static _ => { }, error => Abort(connection, error), connection.Dispose);

    /// <summary>Whether a conversation may begin on it; one that is open and not fit is closed.</summary>
    public bool IsFit(Connection connection)
    {
        var input = connection.Life.Input;
        if (input.Buffered > 0 || input.HasReader)
        {
            Begin(connection).Dispose();
            if (input.Buffered > 0)
            {
                connection.Abort();
            }
        }

        return !connection.Life.IsOver && !connection.Life.HasPeerEnded;
    }

    // What the peer does is its own affair; what a user's framing throws is not.
    private static void Abort(Connection connection, Exception error)
    {
        if (error is not (IOException or ProtocolException or ObjectDisposedException or InvalidOperationException))
        {
            connection.Hub.Report(error, connection.ToString());
        }

        connection.Abort();
    }

    private static ProtocolException Refused() => new("The peer sent bytes nobody had asked for.");

    private sealed class Unasked(Framing<bool>? tolerates) : Framing<int>
    {
        public override Decoder<int> CreateDecoder() => new Dropping(tolerates);
    }

    private sealed class Dropping(Framing<bool>? tolerates) : Decoder<int>
    {
        private Decoder<bool>? _decoder;

        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out int frame, out int consumed)
        {
            (frame, consumed) = (0, 0);
            for (var whole = true; whole && consumed < buffer.Length;)
            {
                whole = TryDrop(buffer[consumed..], out var dropped);
                consumed += dropped;
            }

            return false;
        }

        private bool TryDrop(ReadOnlyMemory<byte> buffer, out int dropped)
        {
            if (tolerates is null)
            {
                throw Refused();
            }

            _decoder ??= tolerates.CreateDecoder();
            if (!_decoder.TryDecode(buffer, out var isChatter, out dropped))
            {
                return false;
            }

            _decoder = null;
            return isChatter && dropped > 0 ? true : throw Refused();
        }
    }
}
