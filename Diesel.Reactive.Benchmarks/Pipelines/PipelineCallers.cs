using System.Buffers;
using System.Buffers.Text;
using System.Net;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Pipelines;

/// <summary>Loops that share a pipeline: each awaits its reply, checks it, and asks on.</summary>
internal sealed class PipelineCallers : PipelineLoad
{
    readonly Hub _hub = new();
    readonly CountedWrites _writes = new();
    long _calls;

    public PipelineCallers(int port, int callers)
    {
        _hub.Errors.Subscribe(static error => Console.Error.WriteLine(error));
        _hub.Fork(async () =>
        {
            var connection = await Tcp.Connect("127.0.0.1", port, new() { Layer = _writes.Over });
            var pipeline = new Pipeline<ReadOnlyMemory<byte>>(
                connection, Framing.UntilEol(), Correlation.InOrder<ReadOnlyMemory<byte>>(), new() { MaxInFlight = callers });
            for (var i = 0; i < callers; i++)
            {
                var caller = i;
                _hub.Fork(() => Ask(pipeline, caller));
            }
        });
    }

    public override long Calls => Volatile.Read(ref _calls);

    public override int ReplyBytesKept => ReplyLength;

    public override long Writes => _writes.Writes;

    public override long Turns => _writes.Turns;

    public override void Dispose() => _hub.Dispose();

    /// <summary>A request, <see cref="PipelineLoad.RequestLength"/> bytes long.</summary>
    public static void Write(Span<byte> request, int number)
    {
        "get "u8.CopyTo(request);
        Utf8Formatter.TryFormat(number, request[4..], out _, new('D', 6));
        "\r\n"u8.CopyTo(request[10..]);
    }

    async Task Ask(Pipeline<ReadOnlyMemory<byte>> pipeline, int number)
    {
        while (true)
        {
            if (await pipeline.Ask(new Get(number)) != number)
            {
                throw new NoResultException("a caller got another's reply");
            }

            Volatile.Write(ref _calls, _calls + 1);
        }
    }

    sealed class Get(int number) : Call<ReadOnlyMemory<byte>, int>
    {
        protected internal override void Write(IBufferWriter<byte> output)
        {
            PipelineCallers.Write(output.GetSpan(RequestLength), number);
            output.Advance(RequestLength);
        }

        protected override int Read(ReadOnlyMemory<byte> reply) => Utf8Parser.TryParse(reply.Span[4..], out int value, out _) ? value : -1;
    }

    /// <summary>Counts writes, and the turns in which there is one.</summary>
    sealed class CountedWrites
    {
        bool _hasWritten;

        public long Writes { get; private set; }

        public long Turns { get; private set; }

        public ITransport Over(ITransport transport, Hub hub) => new Counted(this, transport, hub);

        void Count(Hub hub)
        {
            Writes++;
            if (!_hasWritten)
            {
                _hasWritten = true;
                Turns++;
                hub.Post(static counts => ((CountedWrites)counts!)._hasWritten = false, this);
            }
        }

        sealed class Counted(CountedWrites counts, ITransport inner, Hub hub) : ITransport
        {
            public EndPoint LocalEndPoint => inner.LocalEndPoint;

            public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

            public long UntakenBytes => inner.UntakenBytes;

            public void Start(ITransportHandler handler) => inner.Start(handler);

            public void Receive() => inner.Receive();

            public void Discard() => inner.Discard();

            public int Send(ReadOnlySpan<byte> bytes)
            {
                counts.Count(hub);
                return inner.Send(bytes);
            }

            public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
            {
                counts.Count(hub);
                return inner.Send(segments);
            }

            public void ShutdownSend() => inner.ShutdownSend();

            public void Close() => inner.Close();

            public void Abort() => inner.Abort();
        }
    }
}
