using System.Net;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class ClusterRepliesTests
{
    private const string OneNode = "%7\r\n$2\r\nid\r\n$2\r\nab\r\n$4\r\nport\r\n:7000\r\n$2\r\nip\r\n$9\r\n127.0.0.1\r\n$8\r\nendpoint\r\n{0}$4\r\nrole\r\n$6\r\nmaster\r\n$18\r\nreplication-offset\r\n:1\r\n$6\r\nhealth\r\n$6\r\nonline\r\n";

    private static readonly DnsEndPoint Asked = new("asked", 6379);

    [TestCase("$9\r\n127.0.0.1\r\n", "127.0.0.1")]
    [TestCase("$0\r\n\r\n", "asked")]
    [TestCase("_\r\n", "asked")]
    [TestCase("$1\r\n?\r\n", "127.0.0.1")]
    [TestCase("$4\r\nname\r\n", "name")]
    public void A_shards_endpoint_may_be_a_name_or_missing(string endpoint, string host)
    {
        var map = Shards("*1\r\n%2\r\n$5\r\nslots\r\n*2\r\n:0\r\n:99\r\n$5\r\nnodes\r\n*1\r\n" + OneNode.Replace("{0}", endpoint, StringComparison.Ordinal));
        Assert.That((map[0]!.Primary, map[99]!.Primary, map[100]), Is.EqualTo((new DnsEndPoint(host, 7000), new DnsEndPoint(host, 7000), default(Shard))));
    }

    [Test]
    public void Who_has_failed_is_a_primary_only_where_there_is_no_other()
    {
        var node = OneNode.Replace("{0}", "$1\r\nh\r\n", StringComparison.Ordinal);
        var failed = node.Replace("$6\r\nonline", "$4\r\nfail", StringComparison.Ordinal).Replace(":7000", ":7009", StringComparison.Ordinal);
        var head = "*1\r\n%2\r\n$5\r\nslots\r\n*2\r\n:0\r\n:99\r\n$5\r\nnodes\r\n";
        Assert.That(
            (Shards($"{head}*2\r\n{failed}{node}")[0]!.Primary, Shards($"{head}*1\r\n{failed}")[0]!.Primary),
            Is.EqualTo((new DnsEndPoint("h", 7000), new DnsEndPoint("h", 7009))));
    }

    [Test]
    public void A_shard_without_slots_has_none()
    {
        var map = Shards("*1\r\n%2\r\n$5\r\nslots\r\n*0\r\n$5\r\nnodes\r\n*1\r\n" + OneNode.Replace("{0}", "_\r\n", StringComparison.Ordinal));
        Assert.That((map.Shards.Count, map.Owners.Count), Is.EqualTo((1, 0)));
    }

    [TestCase("*4\r\n:0\r\n:9\r\n*4\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n*0\r\n*4\r\n$1\r\nb\r\n:2\r\n$1\r\ny\r\n*0\r\n", "a:1", "b:2")]
    [TestCase("*3\r\n:0\r\n:9\r\n*4\r\n_\r\n:1\r\n$1\r\nx\r\n*2\r\n$2\r\nip\r\n$1\r\nc\r\n", "asked:1", "")]
    [TestCase("*3\r\n:0\r\n:9\r\n*4\r\n$1\r\n?\r\n:1\r\n$1\r\nx\r\n*2\r\n$2\r\nip\r\n$1\r\nc\r\n", "c:1", "")]
    [TestCase("*3\r\n:0\r\n:9\r\n*3\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n", "a:1", "")]
    public void Slots_say_the_same(string range, string primary, string replicas)
    {
        var shard = ClusterReplies.Slots(new RespFraming().Decode("*1\r\n" + range), Asked)[9]!;
        Assert.That((Text(shard.Primary), string.Join(' ', shard.Replicas.Select(Text))), Is.EqualTo((primary, replicas)));
    }

    [TestCase("*1\r\n*3\r\n:0\r\n:16384\r\n*3\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n")]
    [TestCase("*1\r\n*3\r\n:-1\r\n:5\r\n*3\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n")]
    [TestCase("*1\r\n*3\r\n:9\r\n:5\r\n*3\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n")]
    [TestCase("*1\r\n*3\r\n:99999999999\r\n:5\r\n*3\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n")]
    [TestCase("*2\r\n*3\r\n:0\r\n:16383\r\n*3\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n*3\r\n:5\r\n:5\r\n*3\r\n$1\r\nb\r\n:1\r\n$1\r\ny\r\n")]
    [TestCase("+OK\r\n")]
    [TestCase("*1\r\n+OK\r\n")]
    public void What_no_cluster_says_is_refused(string reply)
    {
        Assert.That(() => ClusterReplies.Slots(new RespFraming().Decode(reply), Asked), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => Shards(reply), Throws.InstanceOf<ProtocolException>());
    }

    [TestCase("MOVED 5 h:1", 5, "h:1")]
    [TestCase("ASK 5 h:1", 5, "h:1")]
    [TestCase("MOVED 5 :1", 5, "asked:1")]
    [TestCase("MOVED 5 ::1:7000", 5, "::1:7000")]
    [TestCase("MOVED 5 ?:1", 5, null)]
    public void A_redirection_says_where_to_go(string text, int slot, string? to)
    {
        var redirect = Redirect.Of(new RedisErrorException(text), Asked)!.Value;
        Assert.That((redirect.Slot, redirect.To is { } there ? Text(there) : null), Is.EqualTo((slot, to)));
    }

    [TestCase("MOVED")]
    [TestCase("MOVED 5")]
    [TestCase("MOVED x h:1")]
    [TestCase("MOVED 16384 h:1")]
    [TestCase("MOVED 5 h")]
    [TestCase("MOVED 5 h:0")]
    [TestCase("MOVED 5 h:99999")]
    [TestCase("ERR 5 h:1")]
    public void What_is_no_redirection_leads_nowhere(string text) => Assert.That(Redirect.Of(new RedisErrorException(text), Asked), Is.Null);

    private static ClusterMap Shards(string reply) => ClusterReplies.Shards(new RespFraming().Decode(reply), Asked, isTls: false);

    private static string Text(EndPoint place) => place is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{place}";
}
