using Diesel.Reactive.Protocols.Redis;
using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

/// <summary>Beside the laws of all framings (<c>FramingLawTests</c>): what is written is read again.</summary>
[Properties(MaxTest = 1500, QuietOnSuccess = true)]
public class RespLawTests
{
    private static readonly RespFraming Framing = new();

    [Property]
    public void What_is_written_is_read_again(int seed)
    {
        var value = RespDraw.Value(new(seed));
        Assert.That(Framing.Feed(RespDraw.Wire(value)).Frames, Is.EqualTo(new[] { value }));
    }

    [Property]
    public void What_is_written_for_old_clients_is_read_as_a_value_of_theirs(int seed)
    {
        var wire = RespDraw.Wire(RespDraw.Value(new(seed)), RespVersion.Resp2);
        var read = Framing.Feed(wire);
        Assert.That((read.Error, read.Consumed, RespDraw.Wire(read.Frames.Single(), RespVersion.Resp2)), Is.EqualTo(((Exception?)null, (long)wire.Length, wire)));
    }

    [Property]
    public void Any_bytes_are_values_or_refused(byte[] bytes)
    {
        foreach (ref var one in bytes.AsSpan())
        {
            one = (byte)"+-:$*_,#!=(%~>|0123456789\r\n\r\n"[one % 29];
        }

        Assert.That(Framing.Feed(bytes).Error, Is.Null.Or.InstanceOf<ProtocolException>());
    }
}
