using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Answers what it is asked, later or sooner; and sometimes not, or worse. Notes what it has seen.</summary>
internal sealed class LawServer(LawRun run)
{
    private readonly Dictionary<string, int> _seen = [];

    private Hub Hub => run.Sim.HubOn("server");

    private Random Random => run.Sim.Random;

    /// <summary>How often a request has come.</summary>
    public int Seen(string text) => _seen.GetValueOrDefault(text);

    public void Begin() =>
        Tcp.Listen(new IPEndPoint(IPAddress.Any, LawRun.Port), hub: Hub).Subscribe(connection => Hub.Fork(() => Serves(connection)));

    private async Task Serves(Connection connection)
    {
        var last = -1;
        try
        {
            while (true)
            {
                var request = await connection.Read(run.Tongue.Requests);
                var text = run.Tongue.TextOf(request);
                var number = run.Callers[int.Parse(text.Split('/')[0], System.Globalization.CultureInfo.InvariantCulture)].Number;
                run.Sim.Check(number > last, $"law 6: {text} has number {number} and comes behind {last}");
                last = number;
                _seen[text] = Seen(text) + 1;
                if (run.Tongue.HasIds)
                {
                    _ = Hub.Fork(() => Answers(connection, request, text));
                }
                else if (!await Answers(connection, request, text))
                {
                    // What is not answered may not be skipped, or others would be taken for it.
                    await Hub.Sleep(TimeSpan.FromHours(1), connection.Closed);
                }
            }
        }
        catch (Exception end) when (end is IOException or ProtocolException or OperationCanceledException)
        {
            connection.Dispose();
        }
    }

    private async Task<bool> Answers(Connection connection, string request, string text)
    {
        await Hub.Sleep(TimeSpan.FromMilliseconds(Random.Next(0, 60)));
        switch (Random.Next(60))
        {
            case 0:
                return false;
            case 1:
                connection.Abort();
                return true;
            case 2:
                connection.Dispose();
                return true;
            case 3 when run.Tongue.HasIds:
                connection.OnNext("1234567:unasked\r\n".ToBytes());
                break;
            case < 8:
                connection.OnNext(run.Tongue.Push("push").ToBytes());
                break;
            default:
                break;
        }

        var parts = text.Split('/');
        var count = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        for (var n = 0; n < count; n++)
        {
            if (connection.Closed.IsCancellationRequested)
            {
                return true;
            }

            connection.OnNext(run.Tongue.Answer(request, $"{parts[0]}.{n}{(n < count - 1 ? "+" : "")}").ToBytes());
            if (Random.Next(3) == 0)
            {
                await Hub.Sleep(TimeSpan.FromMilliseconds(Random.Next(0, 30)));
            }
        }

        return true;
    }
}
