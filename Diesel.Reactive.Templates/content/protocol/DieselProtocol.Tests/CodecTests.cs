using System.Reactive.Linq;
using Diesel.Reactive;
using NUnit.Framework;

namespace DieselProtocol.Tests;

public class CodecTests
{
    [TestCase("$blue\r\n-\r\n")]
    [TestCase("$b", "lue\r", "\n-\r", "\n")]
    public void Replies_are_decoded_however_they_are_cut(params string[] chunks)
    {
        var replies = chunks.Select(chunk => chunk.ToBytes()).ToObservable().Decode(Codec.Replies).ToList().Wait();
        Assert.That(replies, Is.EqualTo(new Reply[] { new('$', "blue"), new('-', "") }));
    }

    [Test]
    public void What_is_no_reply_is_the_peers_fault() =>
        Assert.That(() => Observable.Return("what\r\n".ToBytes()).Decode(Codec.Replies).Wait(), Throws.TypeOf<ProtocolException>());
}
