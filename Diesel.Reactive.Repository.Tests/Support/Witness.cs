using System.Diagnostics;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>What a well-behaved client of an attacked server saw: one line at a time, and its answer.</summary>
/// <param name="Answers">How many, all of them right.</param>
/// <param name="Slowest">The longest wait for one.</param>
/// <param name="MostMemory">Of the server, in bytes.</param>
internal sealed record Witness(int Answers, TimeSpan Slowest, long MostMemory)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // On a machine that is busy otherwise this takes longer than the attack.
    private const int Few = 6;

    /// <summary>Talks as long as the attack takes, and until it has some answers; then the attack is over.</summary>
    public static async Task<Witness> Talks(Socket socket, AttackedServer server, Attack attack)
    {
        try
        {
            return await Talks(socket, server);
        }
        finally
        {
            attack.Ends();
        }
    }

    private static async Task<Witness> Talks(Socket socket, AttackedServer server)
    {
        var start = Stopwatch.GetTimestamp();
        var seen = new Witness(0, TimeSpan.Zero, 0);
        using var pause = new PeriodicTimer(Pause);
        while (seen.Answers < Few || Stopwatch.GetElapsedTime(start) < Attack.Time)
        {
            var (line, began) = ($"line {seen.Answers}\r\n", Stopwatch.GetTimestamp());
            await SampleTalk.Say(socket, line);
            Assert.That(await SampleTalk.Read(socket, line.Length), Is.EqualTo(line.ToUpperInvariant()));
            var took = Stopwatch.GetElapsedTime(began);
            seen = new(seen.Answers + 1, took > seen.Slowest ? took : seen.Slowest, Math.Max(seen.MostMemory, server.Memory));
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }

        return seen;
    }
}
