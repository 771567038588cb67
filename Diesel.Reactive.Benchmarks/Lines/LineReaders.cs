using System.Buffers;
using System.IO.Pipelines;
using System.Reactive.Subjects;
using System.Text;
using Diesel.Reactive.Benchmarks.Micro;

namespace Diesel.Reactive.Benchmarks.Lines;

/// <summary>Ways to take the lines out of the same chunk, which is in memory already; each adds up their lengths.</summary>
internal static class LineReaders
{
    public const int LinesPerChunk = 1024;
    public const string Pipe = "PipeReader";
    public const string PipeByLine = "PipeReader by line";

    public static readonly string[] Names = ["diesel streamed", "diesel awaited", "diesel operator", Pipe, PipeByLine];

    // What a turn gives a reader.
    const int LinesPerTurn = 256;

    static readonly ReadOnlyMemory<byte> Chunk =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 62) + "\r\n", LinesPerChunk)));

    /// <summary>What takes one chunk's lines, and where it adds them up.</summary>
    public static (Action ReadChunk, Func<long> Sum) Make(string name)
    {
        var sum = 0L;
        return (Reader(name, length => sum += length), () => sum);
    }

    public static int ChunkLength => Chunk.Length;

    static Action Reader(string name, Action<long> add)
    {
        switch (name)
        {
            case "diesel streamed":
                var streamed = new StillHub();
                streamed.Turn(_ => streamed.Connection.UntilEol().Subscribe(line => add(line.Length)));
                return () =>
                {
                    streamed.Receive(Chunk);
                    for (var taken = LinesPerTurn; taken < LinesPerChunk; taken += LinesPerTurn)
                    {
                        streamed.Turn();
                    }
                };

            case "diesel awaited":
                var awaited = new StillHub();
                awaited.Turn(_ => Await(awaited.Connection, add));
                return () => awaited.Receive(Chunk);

            case "diesel operator":
                var chunks = new Subject<ReadOnlyMemory<byte>>();
                chunks.UntilEol().Subscribe(line => add(line.Length));
                return () => chunks.OnNext(Chunk);

            case Pipe:
                return () => ReadPipe(add).GetAwaiter().GetResult();

            case PipeByLine:
                return () => ReadPipeByLine(add).GetAwaiter().GetResult();

            default:
                throw new UsageException($"unknown peer '{name}'; known: {string.Join(", ", Names)}");
        }
    }

    static async void Await(Connection connection, Action<long> add)
    {
        while (true)
        {
            add((await connection.Read(Framing.UntilEol())).Length);
        }
    }

    // As the documentation of pipelines has it, with SequenceReader.
    static async Task ReadPipe(Action<long> add)
    {
        var reader = PipeReader.Create(new ReadOnlySequence<byte>(Chunk));
        while (true)
        {
            var read = await reader.ReadAsync();
            var consumed = ReadLines(read.Buffer, add);
            reader.AdvanceTo(consumed, read.Buffer.End);
            if (read.IsCompleted)
            {
                await reader.CompleteAsync();
                return;
            }
        }
    }

    // What a conversation does, which asks for one line at a time: the counterpart of an awaited read.
    static async Task ReadPipeByLine(Action<long> add)
    {
        var reader = PipeReader.Create(new ReadOnlySequence<byte>(Chunk));
        while (await ReadLine(reader) is > 0 and var length)
        {
            add(length);
        }

        await reader.CompleteAsync();
    }

    static async ValueTask<long> ReadLine(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (TryReadLine(read.Buffer, out var line, out var next))
            {
                reader.AdvanceTo(next);
                return line.Length + 2;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return 0;
            }
        }
    }

    static bool TryReadLine(ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line, out SequencePosition next)
    {
        var reader = new SequenceReader<byte>(buffer);
        var found = reader.TryReadTo(out line, "\r\n"u8);
        next = reader.Position;
        return found;
    }

    static SequencePosition ReadLines(ReadOnlySequence<byte> buffer, Action<long> add)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            add(line.Length + 2);
        }

        return reader.Position;
    }
}
