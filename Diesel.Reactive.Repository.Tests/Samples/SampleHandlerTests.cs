using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>The handlers of the samples are functions a test can run without their programs.</summary>
[Parallelizable(ParallelScope.All)]
public class SampleHandlerTests
{
    [TestCase("tcp-holla-server", "HollaBack", "HELLO\r\n")]
    [TestCase("echo-2009", "Echo", "you said: hello\r\n")]
    [TestCase("handle-echo", "HandleEcho", "you said: hello\r\n")]
    [TestCase("bluelet-echo", "Echoer", "hello\r\n")]
    [TestCase("twisted-upper", "Upper", "HELLO\r\n")]
    public async Task Serves_a_test(string sample, string function, string answer)
    {
        using var hub = new Hub();
        var handler = await SampleHandler.Of<Func<Connection, IObservable<ReadOnlyMemory<byte>>>>(sample, function);
        var service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), handler, hub: hub);
        service.Start();
        Assert.That(await SampleTalk.Ask((IPEndPoint)service.EndPoint, ["hello\r\n"]), Is.EqualTo(answer));
    }
}
