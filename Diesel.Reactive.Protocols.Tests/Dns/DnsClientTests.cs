using System.Diagnostics;
using Diesel.Reactive.Protocols.Dns;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>One query, and a bad network.</summary>
public class DnsClientTests : DnsFixture
{
    [Test]
    public void Asks_and_is_answered()
    {
        using var client = Server.Client();
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        Assert.That((Told(reply), reply.Last.Transport, client.Running), Is.EqualTo(("a.example. 300 IN A 192.0.2.1", DnsTransport.Udp, 0)));
    }

    [Test]
    public void Asks_from_another_port_and_with_another_id_each_time()
    {
        using var client = Server.Client();
        for (var n = 0; n < 100; n++)
        {
            World.Watch(client.Query("a.example", DnsType.A));
        }

        Assert.That(Server.Heard.Select(heard => heard.From.Port).Distinct().Count(), Is.EqualTo(100));
        Assert.That(Server.Heard.Select(heard => heard.Message.Id).Distinct().Count(), Is.GreaterThan(95));
    }

    [Test]
    public void A_caller_that_leaves_leaves_nothing_behind()
    {
        Server.Script = static _ => { };
        using var client = Server.Client();
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        reply.Subscription!.Dispose();
        World.Passes(60);
        Assert.That((client.Running, Server.Heard.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Silence_is_an_error_in_time_that_names_the_server()
    {
        Server.Script = static _ => { };
        using var client = Server.Client();
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(9.9);
        Assert.That((Server.Heard.Count, reply.Error!.Message), Is.EqualTo((3, reply.Error.Message)));
        Assert.That(reply.Error.Message, Does.Contain("10.0.0.53:53 (UDP): no reply within"));
    }

    [Test]
    public void Each_of_many_is_due_at_its_own_time()
    {
        Server.Script = static _ => { };
        using var client = Server.Client();
        var (took, left) = (new List<double>(), new List<IDisposable>());
        for (var n = 0; n < 300; n++)
        {
            var (began, leaves) = (World.Now, n % 3 == 0);
            var asking = client.Query($"n{n}.example", DnsType.A).Subscribe(static _ => { }, _ => took.Add(World.Now - began));
            if (leaves)
            {
                left.Add(asking);
            }

            World.Passes(0.0137);
        }

        left.ForEach(static each => each.Dispose());
        World.Passes(10);
        Assert.That((took.Count, took.Max() - took.Min() < 0.005, client.Running), Is.EqualTo((200, true, 0)), $"{took.Min()} to {took.Max()}");
    }

    [Test]
    public void Somebody_who_throws_when_told_of_the_end_keeps_nobody_else_waiting()
    {
        Server.Script = static _ => { };
        using var client = Server.Client();
        var told = 0;
        World.Do(() =>
        {
            for (var n = 0; n < 10; n++)
            {
                var throws = n % 2 == 0;
                client.Query("a.example", DnsType.A).Subscribe(static _ => { }, error => told += throws ? throw error : 1);
            }
        });
        World.Passes(10);
        Assert.That((told, client.Running, World.Errors.Count), Is.EqualTo((5, 0, 5)));
    }

    [Test]
    public void Each_query_is_a_span()
    {
        var spans = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Diesel.Reactive.Protocols",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if ($"{span.GetTagItem("dns.question.name")}".EndsWith("span.example.", StringComparison.Ordinal))
                {
                    spans.Add($"{span.OperationName} {string.Join(' ', span.TagObjects.Select(static tag => tag.Value))} {span.Status}");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var client = Server.Client();
        World.Watch(client.Query("a.span.example", DnsType.A));
        Server.Script = static heard => heard.Say(heard.Fails(DnsResponseCode.Refused));
        World.Watch(client.Query("b.span.example", DnsType.TXT));
        World.Watch(client.Query("c.span.example", DnsType.MX)).Subscription!.Dispose();
        Assert.That(spans, Is.EqualTo(new[]
        {
            "query A a.span.example. 10.0.0.53 53 udp NOERROR Unset", "query TXT b.span.example. REFUSED Error", "query MX c.span.example. REFUSED Error",
        }));
    }

    [Test]
    public void Nobody_there_is_told_at_once()
    {
        Server.Dispose();
        using var client = Server.Client();
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        World.Passes(0.5);
        Assert.That(((DnsException)reply.Error!).Attempts.Single().Reason, Does.Contain("refused").IgnoreCase);
        Server = new DnsStub(World, "10.0.0.54");
    }

    [Test]
    public void Disposed_it_answers_nobody()
    {
        Server.Script = static _ => { };
        var client = Server.Client();
        var reply = World.Watch(client.Query("a.example", DnsType.A));
        client.Dispose();
        World.Settle();
        Assert.That($"{reply}", Is.EqualTo("#ObjectDisposedException"));
        Assert.That($"{World.Watch(client.Query("a.example", DnsType.A))}", Is.EqualTo("#ObjectDisposedException"));
    }

    [TestCase(0.3, 0.0, 0.0)]
    [TestCase(0.3, 0.3, 0.3)]
    public void Over_a_bad_network_there_is_an_answer_or_an_error_in_time(double loss, double duplication, double reordering)
    {
        using var other = new DnsStub(World, "10.0.0.54");
        World.Network.Conditions = new LinkConditions
        {
            Latency = Latency.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(40)),
            Loss = loss,
            Duplication = duplication,
            Reordering = reordering,
        };
        using var client = Server.Client(others: other);
        var replies = Enumerable.Range(0, Live.IsSoak ? 1000 : 100).Select(n => World.Watch(client.Query($"n{n}.example", DnsType.A))).ToArray();
        World.Passes(10);
        Assert.That(replies.Count(reply => !reply.IsOver), Is.Zero);
        Assert.That(replies.Count(reply => reply.IsCompleted), Is.GreaterThan(replies.Length * 9 / 10));
        Assert.That(Server.Heard.Concat(other.Heard).GroupBy(heard => (heard.Question.Name, heard.From)).Count(), Is.LessThanOrEqualTo(replies.Length * 6));
        Assert.That(Server.Heard.Concat(other.Heard).Select(heard => (heard.Question.Name, heard.From)).Distinct().GroupBy(sent => sent.Name).Max(sent => sent.Count()), Is.LessThanOrEqualTo(6));
        Assert.That(client.Running, Is.Zero);
    }
}
