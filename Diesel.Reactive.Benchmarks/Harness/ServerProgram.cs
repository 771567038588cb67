using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>
/// A server to measure, which runs in a process of its own: says "listening on ADDRESS:PORT" and ends when its standard
/// input closes.
/// </summary>
internal abstract class ServerProgram(string name)
{
    /// <summary>Room for all clients that connect at once; the same for every server.</summary>
    public const int Backlog = 4096;

    public string Name => name;

    /// <summary>Why it cannot run here; null when it can.</summary>
    public virtual string? Missing => null;

    /// <summary>The command that runs it on any free port.</summary>
    public abstract IReadOnlyList<string> Command { get; }

    /// <summary>Runs it in this process, or as a child of it.</summary>
    public abstract int Serve(int port);
}

/// <summary>A server that is part of this program.</summary>
internal sealed class OwnServer(string name, Func<int, IPEndPoint> start) : ServerProgram(name)
{
    /// <summary>A line on the standard input that asks for the memory in use.</summary>
    public const string MemoryQuestion = "memory";

    /// <summary>A line that asks for the bytes allocated so far.</summary>
    public const string AllocationQuestion = "allocated";

    public override IReadOnlyList<string> Command => [.. PinnedProcess.ThisProgram, "serve", Name, "--port", "0"];

    public override int Serve(int port)
    {
        Console.WriteLine($"listening on {start(port)}");

        // The main thread waits, not one of the pool: a pinned process has few of those to spare.
        while (Console.ReadLine() is { } question)
        {
            if (question == MemoryQuestion)
            {
                Console.WriteLine(MemoryUse.Now());
            }
            else if (question == AllocationQuestion)
            {
                Console.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
            }
        }

        return 0;
    }
}
