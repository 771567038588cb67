using System.Text;
using BenchmarkDotNet.Attributes;

namespace Diesel.Reactive.Benchmarks.Micro;

/// <summary>What one line costs that is awaited before it is there: one chunk, one line, one suspension each.</summary>
[MemoryDiagnoser]
public class SuspendedReadBenchmarks
{
    private readonly ReadOnlyMemory<byte> _line = Encoding.ASCII.GetBytes(new string('x', 62) + "\r\n");
    private readonly StillHub _hub = new();
    private long _sum;

    [GlobalSetup]
    public void Setup() => _hub.Turn(_ => Read(_hub.Connection));

    [Benchmark]
    public void AwaitedBeforeItArrives() => _hub.Receive(_line);

    private async void Read(Connection connection)
    {
        while (true)
        {
            _sum += (await connection.Read(Framing.UntilEol())).Length;
        }
    }
}
