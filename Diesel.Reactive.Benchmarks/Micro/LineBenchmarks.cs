using System.Text;
using BenchmarkDotNet.Attributes;

namespace Diesel.Reactive.Benchmarks.Micro;

/// <summary>What one line of 64 bytes costs between the kernel and user code, whole connections included. The chunks are
/// as the socket gives them: 16 lines, already in memory.</summary>
[MemoryDiagnoser]
public class LineBenchmarks
{
    private const int Lines = 16;

    private static readonly Framing<(int, ReadOnlyMemory<byte>)> Grammar =
        from line in Framing.UntilEol()
        from nothing in Framing.Bytes(0)
        select (nothing.Length, line);

    private readonly ReadOnlyMemory<byte> _chunk = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 62) + "\r\n", Lines)));

    private StillHub _streamed = null!;
    private StillHub _awaited = null!;
    private StillHub _echoed = null!;
    private StillHub _grammar = null!;
    private long _sum;

    [GlobalSetup]
    public void Setup()
    {
        (_streamed, _awaited, _echoed, _grammar) = (new StillHub(), new StillHub(), new StillHub(), new StillHub());
        _streamed.Turn(_ => _streamed.Connection.UntilEol().Subscribe(line => _sum += line.Length));
        _awaited.Turn(_ => Read(_awaited.Connection));
        _echoed.Turn(_ => _echoed.Connection.UntilEol().Subscribe(_echoed.Connection));
        _grammar.Turn(_ => _grammar.Connection.Decode(Grammar).Subscribe(frame => _sum += frame.Item2.Length));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lines)]
    public void Streamed() => _streamed.Receive(_chunk);

    [Benchmark(OperationsPerInvoke = Lines)]
    public void Awaited() => _awaited.Receive(_chunk);

    [Benchmark(OperationsPerInvoke = Lines)]
    public void Echoed() => _echoed.Receive(_chunk);

    [Benchmark(OperationsPerInvoke = Lines)]
    public void StreamedByAGrammar() => _grammar.Receive(_chunk);

    private async void Read(Connection connection)
    {
        while (true)
        {
            _sum += (await connection.Read(Framing.UntilEol())).Length;
        }
    }
}
