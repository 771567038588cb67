using System.Buffers;
using Diesel.Reactive;

namespace DieselProtocol;

/// <summary>The server refused, and said why.</summary>
public sealed class RefusedException(string message) : Exception(message);

/// <summary>One connection that many callers share: what is asked in one turn leaves together.</summary>
public sealed class StoreClient(Connection connection) : IDisposable
{
    private readonly Pipeline<Reply> _pipeline = new(connection, Codec.Replies, Correlation.InOrder<Reply>());

    public Awaitable<string?> Get(string key) => _pipeline.Ask(new GetCall(key));

    public Awaitable<bool> Set(string key, string value) => _pipeline.Ask(new SetCall(key, value));

    public void Dispose() => _pipeline.Dispose();

    private sealed class GetCall(string key) : Call<Reply, string?>
    {
        protected override bool IsRepeatable => true; // reading twice does no harm

        protected override void Write(IBufferWriter<byte> output) => Codec.Write($"get {key}", output);

        protected override string? Read(Reply reply) => reply.Kind switch
        {
            '$' => reply.Text,
            '-' => null,
            _ => throw new RefusedException(reply.Text),
        };
    }

    private sealed class SetCall(string key, string value) : Call<Reply, bool>
    {
        protected override void Write(IBufferWriter<byte> output) => Codec.Write($"set {key} {value}", output);

        protected override bool Read(Reply reply) => reply.Kind == '+' ? true : throw new RefusedException(reply.Text);
    }
}
