using System.Net;

namespace Diesel.Reactive.Tests;

public class ProtocolExceptionTests
{
    [Test]
    public void Says_what_is_wrong() => Assert.That(new ProtocolException("Odd."), Has.Message.EqualTo("Odd."));

    [Test]
    public void Names_the_peer_when_it_is_known() =>
        Assert.That(
            new ProtocolException("Odd.") { EndPoint = new IPEndPoint(IPAddress.Loopback, 7) },
            Has.Message.EqualTo("Odd. (peer: 127.0.0.1:7)"));

    [Test]
    public void Carries_what_found_it() =>
        Assert.That(new ProtocolException("Odd.", new FormatException()).InnerException, Is.TypeOf<FormatException>());

    [Test]
    public void A_truncated_frame_says_how_much_arrived()
    {
        var error = new TruncatedFrameException(42);
        Assert.That((error.PendingBytes, error.Message.Contains("42 bytes")), Is.EqualTo((42L, true)));
    }
}
