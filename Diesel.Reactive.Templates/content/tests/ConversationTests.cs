using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Testing;
using NUnit.Framework;

namespace DieselTests;

public class ConversationTests
{
    [Test]
    public void A_service_answers_over_a_slow_link() => MarbleTest.Run(t =>
    {
        t.Network.Conditions = new() { Latency = TimeSpan.FromMilliseconds(10) };
        new TcpService(4321, connection => connection.UntilEol().Select(line => line.ToUpper())).Start(t.HubOn("server"));

        var reply = Tcp.Connect("server", 4321, hub: t.HubOn("client")).SelectMany(connection =>
        {
            connection.OnNext("hello\r\n".ToBytes());
            return connection.UntilEol().Take(1);
        });
        t.ExpectObservable(reply).ToBe(@"40ms ['HELLO\r\n'|]");
    });
}
