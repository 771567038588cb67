using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class KeySlotTests
{
    // What redis-server 7.0.15 says to CLUSTER KEYSLOT.
    [TestCase("123456789", 12739)]
    [TestCase("", 0)]
    [TestCase("foo", 12182)]
    [TestCase("{user1000}.following", 3443)]
    [TestCase("{user1000}.followers", 3443)]
    public void Is_what_the_servers_take(string key, int slot) => Assert.That(Of(key), Is.EqualTo(slot));

    [TestCase("{a}b", "a")]
    [TestCase("x{b}{c}", "b")]
    [TestCase("foo{{bar}}zap", "{bar")]
    [TestCase("x}y{b}", "b")]
    public void What_stands_in_braces_decides(string key, string tag) => Assert.That(Of(key), Is.EqualTo(Of(tag)));

    [TestCase("x{}a{b}", "x{}a{c}")]
    [TestCase("x{b", "x{c")]
    public void Braces_with_nothing_in_them_do_not(string one, string other) => Assert.That(Of(one), Is.Not.EqualTo(Of(other)));

    private static int Of(Bytes key) => KeySlot.Of(key.Span);
}
