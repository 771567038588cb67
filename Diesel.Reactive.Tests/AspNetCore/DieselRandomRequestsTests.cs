using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework.Constraints;

namespace Diesel.Reactive.Tests;

/// <summary>Requests at random to an application that does at random all that it should not: nobody gets what was for another, nothing is left of it, and the
/// process lives.</summary>
[TestFixture(false, false)]
[TestFixture(true, false)]
[TestFixture(false, true)]
[TestFixture(true, true)]
public class DieselRandomRequestsTests(bool onHub, bool reuses)
{
    private const int Clients = 16;

    // A million for the four together.
    private static readonly int Requests = Live.IsSoak ? 250_000 : 4_000;

    [Test]
    public async Task Each_answer_is_that_of_its_request_and_nothing_is_left()
    {
        using var live = new Live(new Hub());
        var application = new UnrulyApplication(reuses);
        await using (var web = await WebOnHub.Start(new() { Hub = live.Hub, RunsOnHub = onHub, ReusesRequests = reuses }, app => app.Run(application.Handle)))
        {
            var (answered, cut) = (0, 0);
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async seed =>
            {
                var random = new Random(seed);
                for (var done = 0; done < Requests / Clients;)
                {
                    var (whole, sent) = await Converse(web.Address.Port, random, Math.Min(20, (Requests / Clients) - done), seed);
                    Interlocked.Add(ref answered, whole);
                    Interlocked.Add(ref cut, sent - whole);
                    done += sent;
                }
            }));
            TestContext.Out.WriteLine($"{answered} answered, {cut} cut off or refused by their connection's end");
            Assert.That(answered, Is.GreaterThan(Requests / 5));
            using var client = web.Client();
            Assert.That(await client.GetStringAsync(new Uri("plain/last", UriKind.Relative)), Is.EqualTo("<last>"));
        }

        application.End();
        Assert.That(() => application.Running, Is.Zero.After(5000, 20), "An application was begun that never ended.");
        Assert.That(() => application.Living, Is.LessThan(100).After(10_000, 100), "Requests are kept that are over.");
        Assert.That((await live.Hub.Snapshot()).ConnectionCount, Is.Zero);
    }

    // Some requests of one connection, sent in one piece or one by one; gives how many were answered as a whole, and how many were sent.
    private static async Task<(int Whole, int Sent)> Converse(int port, Random random, int most, int seed)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        var (count, pipelined, whole, sent) = (1 + random.Next(most), random.Next(2) == 0, 0, 0);
        var marks = Enumerable.Range(0, count).Select(i => $"{seed}-{random.Next():x}-{i}").ToArray();
        var acts = marks.Select(_ => UnrulyApplication.Acts[random.Next(UnrulyApplication.Acts.Count)]).ToArray();
        var requests = acts.Zip(marks, (act, mark) => Request(act, mark, random)).ToArray();
        try
        {
            if (pipelined)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(requests)));
                sent = count;
            }

            using var reader = new AnswerReader(stream);
            for (var i = 0; i < count; i++)
            {
                if (!pipelined)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(requests[i]));
                    sent++;
                }

                // Who has only ended its side would be waited for: this one is gone.
                if (acts[i] == "never" || random.Next(50) == 0)
                {
                    client.Client.LingerState = new(true, 0);
                    return (whole, sent);
                }

                var (status, body) = await reader.Read().WaitAsync(Live.Patience);

                // What goes on behind its request may still be in time on a busy machine; it is that request's all the same.
                var whatItSays = acts[i].StartsWith("outlive", StringComparison.Ordinal) ? (IResolveConstraint)Does.Match($"^(!?<{marks[i]}>)+$") : Is.EqualTo($"<{marks[i]}>");

                // Who fails in the turn in which its answer began, and nothing of it is sent yet, is answered for by the service.
                Assert.That(body, status == 200 ? whatItSays : Is.Empty.Or.EqualTo("The server has made a mistake.\n"), $"{requests[i]} was answered {status}");
                whole++;
            }
        }
        catch (IOException)
        {
            // The application has aborted, or failed when its answer had begun.
        }

        return (whole, sent);
    }

    private static string Request(string act, string mark, Random random) => random.Next(3) switch
    {
        0 when act is not "never" => $"POST /{act}/{mark} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        1 when act is not "never" => $"POST /{act}/{mark} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        _ => $"GET /{act}/{mark} HTTP/1.1\r\nHost: x\r\n\r\n",
    };
}
