using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Zones as streams, and what goes wrong with them.</summary>
public class ZoneTransferTests : DnsClientFixture
{
    private const string First = "example. 1 SOA a. b. 1 1 1 1 1";
    private const string Second = "example. 1 SOA a. b. 2 1 1 1 1";
    private const string Third = "example. 1 SOA a. b. 3 1 1 1 1";
    private const string X = "x.example. 1 A 192.0.2.1";
    private const string Y = "y.example. 1 A 192.0.2.2";

    [Test]
    public void Messages_behind_the_first_need_not_repeat_the_question()
    {
        Sends([First, X], [Y], [First]);
        Assert.That(Got(Client.Transfer("example")), Is.EqualTo("4 |"));
    }

    [Test]
    public void What_is_cut_off_is_an_error_and_no_short_zone()
    {
        Sends([First, X]);
        Server.Script += static heard => heard.Connection!.Dispose();
        Assert.That(Got(Client.Transfer("example")), Is.EqualTo("2 #ReplyLostException"));
    }

    [Test]
    public void An_error_behind_good_messages_is_an_error()
    {
        Sends([First, X]);
        Server.Script += static heard => heard.Say(heard.Fails(DnsResponseCode.ServerFailure) with { Questions = [] });
        Assert.That(Got(Client.Transfer("example")), Is.EqualTo("2 #DnsException"));
    }

    [TestCase("X")]
    [TestCase("First X First Y")]
    public void What_is_no_zone_is_an_error(string records)
    {
        Sends([.. records.Split(' ').Select(each => each == "X" ? X : each == "Y" ? Y : First)]);
        Assert.That(Got(Client.Transfer("example")), Does.EndWith("#ProtocolException"));
    }

    [Test]
    public void Changes_come_as_they_are()
    {
        Sends([Third, First, X, Second], [Y, Second, Y, Third, X], [Third]);
        Assert.That(Got(Client.Transfer("example", since: 1)), Is.EqualTo("10 |"));
        Assert.That(((SoaRecord)Server.Heard[0].Message.Authorities[0]).Serial, Is.EqualTo(1));
    }

    [Test]
    public void The_whole_may_come_instead_of_changes()
    {
        Sends([Third, X], [Y, Third]);
        Assert.That(Got(Client.Transfer("example", since: 1)), Is.EqualTo("4 |"));
    }

    [Test]
    public void Nothing_may_have_changed()
    {
        Sends([Third]);
        Assert.That(Got(Client.Transfer("example", since: 3)), Is.EqualTo("1 |"));
    }

    private void Sends(params string[][] messages) => Server.Script = heard =>
    {
        for (var at = 0; at < messages.Length; at++)
        {
            var message = heard.Whole([.. messages[at].Select(DnsRecord.Parse)]);
            heard.Say(at == 0 ? message : message with { Questions = [] });
        }
    };

    private string Got(IObservable<DnsRecord> transfer)
    {
        var story = World.Watch(transfer);
        World.Passes(1);
        return $"{story.Values.Count} {(story.IsCompleted ? "|" : story.Error is { } error ? $"#{error.GetType().Name}" : "…")}";
    }
}
