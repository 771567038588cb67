namespace Diesel.Reactive;

/// <summary>Watches a connection between two conversations: sees the peer's end, takes no byte, lets few pile up.</summary>
internal sealed class ConnectionWatch : IDisposable
{
    private readonly IDisposable _reader;

    public ConnectionWatch(Connection connection) =>
        _reader = connection.Read(Nothing.Instance).Subscribe(static _ => { }, _ => connection.Abort(), connection.Dispose);

    public void Dispose() => _reader.Dispose();

    private sealed class Nothing : Framing<int>
    {
        public static readonly Nothing Instance = new();

        public override Decoder<int> CreateDecoder() => new Waiting();

        private sealed class Waiting : Decoder<int>
        {
            private const int MaxUnasked = 64 * 1024;

            public override bool TryDecode(ReadOnlyMemory<byte> buffer, out int frame, out int consumed)
            {
                (frame, consumed) = (0, 0);
                return buffer.Length <= MaxUnasked ? false : throw new ProtocolException(
                    $"The peer sent more than {MaxUnasked} bytes nobody had asked for.");
            }
        }
    }
}
