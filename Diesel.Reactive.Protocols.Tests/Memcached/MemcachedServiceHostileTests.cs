using System.Buffers.Binary;
using System.Text;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Clients that send what no client may, and others beside them, who notice nothing.</summary>
public class MemcachedServiceHostileTests
{
    private const long Mebibyte = 1024 * 1024;

    private World _world = null!;
    private int _port;
    private Func<ServiceCounts> _counts = null!;
    private Peer _good = null!;

    [SetUp]
    public void Start()
    {
        _world = new World();
        var service = _world.Starts(new MemcachedService(0, new MemcachedMemory(4 * Mebibyte)));
        (_port, _counts) = (service.Port, () => service.Counts);
        _good = _world.Dials(_port).Sends("set good 0 0 1\r\nv\r\n");
    }

    [TearDown]
    public void Stop()
    {
        Assert.That(_good.Sends("get good\r\n").Received, Is.EqualTo("STORED\r\nVALUE good 0 1\r\nv\r\nEND\r\n"), "Who does no harm is not harmed.");
        Assert.That(_world.Errors, Is.Empty);
        _world.Dispose();
    }

    // As memcached 1.6.18, but for the line that is too long: it hangs up without a word.
    [TestCase("x\n", "ERROR\r\n")]
    [TestCase("\0\0\0\n", "ERROR\r\n")]
    [TestCase("set k 0 0 4294967297\r\n", "CLIENT_ERROR bad command line format\r\n")]
    [TestCase("set k 0 0 1\r\nxyz\r\n", "CLIENT_ERROR bad data chunk\r\nERROR\r\n")]
    [TestCase("ms k 1\r\nxyz\r\n", "CLIENT_ERROR bad data chunk\r\nERROR\r\n")]
    public void Is_told_what_is_wrong_and_goes_on(string sends, string answer)
    {
        var peer = _world.Dials(_port).Sends(sends);
        Assert.That(peer.Story.Replace(' ', '_'), Does.StartWith(answer.Split("\r\n")[0].Replace(' ', '_')));
        Assert.That(peer.Sends("mn\r\n").Received, Does.EndWith("MN\r\n"));
    }

    [Test]
    public void A_line_without_an_end_is_refused_at_its_limit_and_kept_no_longer([Values("", "set ", "mg ", "stats ")] string begin)
    {
        var peer = _world.Dials(_port).Sends(begin + new string('x', 2048 - begin.Length));
        Assert.That(peer.Story, Is.Empty);
        peer.Sends("x");
        Assert.That(peer.Story, Is.EqualTo("CLIENT_ERROR line too long |"));
        Assert.That(_world.Dials(_port).Sends(begin + new string('x', 1024 * 1024)).Story, Is.EqualTo("CLIENT_ERROR line too long |").Or.EqualTo("CLIENT_ERROR line too long #"));
    }

    [Test]
    public void A_line_that_is_too_long_is_refused_also_when_it_comes_with_its_end()
    {
        var peer = _world.Dials(_port).Sends($"mg {new string('x', 3000)}\r\nmn\r\n");
        Assert.That(peer.Story, Is.EqualTo("CLIENT_ERROR line too long |"));
    }

    [Test]
    public void A_line_of_a_thousand_keys_is_none_that_is_too_long()
    {
        var keys = Enumerable.Range(0, 1000).Select(n => $"{n}".PadRight(250, 'k')).ToArray();
        var peer = _world.Dials(_port).Sends($"set {keys[7]} 0 0 1\r\nv\r\nget {string.Join(' ', keys)}\r\n");
        Assert.That(peer.Received, Is.EqualTo($"STORED\r\nVALUE {keys[7]} 0 1\r\nv\r\nEND\r\n"));
        Assert.That(peer.Sends("get " + string.Concat(Enumerable.Repeat("k ", 150_000))).Story, Does.EndWith("CLIENT_ERROR line too long |").Or.EndWith("#"));
    }

    [TestCase("set k 0 0 1073741824\r\n")]
    [TestCase("ms k 1073741824\r\n")]
    public void A_gibibyte_that_is_announced_is_thrown_away_as_it_comes(string line)
    {
        var peer = _world.Dials(_port).Sends("set k 0 0 3\r\nold\r\n").Sends(line);
        var some = new byte[256 * 1024];
        for (var sent = 0; sent < 64; sent++)
        {
            peer.Sends(some);
            Assert.That(_counts().BufferedInput, Is.LessThan(Mebibyte));
        }

        Assert.That((peer.Received, peer.Unsent), Is.EqualTo(("STORED\r\n", 0)), "It is not over, and what came was taken.");
    }

    [TestCase("set k 0 0 1048577\r\n")]
    [TestCase("ms k 1048577\r\n")]
    public void A_value_that_is_too_large_is_refused_and_the_old_one_is_gone(string line)
    {
        var peer = _world.Dials(_port).Sends("set k 0 0 3\r\nold\r\n").Sends(line).Sends(new string('x', 1_048_577)).Sends("\r\nget k\r\n");
        Assert.That(peer.Received, Is.EqualTo("STORED\r\nSERVER_ERROR object too large for cache\r\nEND\r\n"));
    }

    [Test]
    public void A_thousand_who_send_half_a_line_take_little_memory()
    {
        Peer[] Half() => [.. Enumerable.Range(0, 1000).Select(n => _world.Dials(_port).Sends($"set key{n} 0 0 1"))];
        Half();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peers = Half();
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1000;
        TestContext.Out.WriteLine($"{each} bytes each, the virtual network's share included");
        Assert.That(each, Is.LessThan(40_000));
        Assert.That(peers[500].Sends("\r\nv\r\n").Received, Is.EqualTo("STORED\r\n"));
    }

    [Test]
    public void Who_takes_nothing_is_asked_for_nothing_more()
    {
        var writer = _world.Dials(_port).Sends($"set k 0 0 1000000\r\n{new string('x', 1_000_000)}\r\n");
        Assert.That(writer.Received, Is.EqualTo("STORED\r\n"));
        var peer = _world.Dials(_port).StopsReading();
        for (var n = 0; n < 200; n++)
        {
            peer.Sends("get k\r\n");
        }

        // 200 MB are owed, of which a part is on its way.
        _world.Passes(1);
        Assert.That(peer.Received, Is.Empty);
        Assert.That(_counts().Open, Is.EqualTo(3));
        peer.ReadsOn();
        _world.Passes(60);
        Assert.That(peer.Received, Has.Length.EqualTo(200 * $"VALUE k 0 1000000\r\n{new string('x', 1_000_000)}\r\nEND\r\n".Length));
    }

    [Test]
    public void A_get_of_many_large_values_is_answered_as_they_are_taken([Values] bool isSlow)
    {
        var peer = _world.Dials(_port).Sends($"set k 0 0 1000000\r\n{new string('x', 1_000_000)}\r\n");
        if (isSlow)
        {
            peer.StopsReading();
        }

        peer.Sends($"get {string.Join(' ', Enumerable.Repeat("k", 60))} k\r\nmn\r\nget none\r\n");
        _world.Passes(1);
        peer.ReadsOn();
        _world.Passes(60);
        var one = $"VALUE k 0 1000000\r\n{new string('x', 1_000_000)}\r\n";
        Assert.That(peer.Received, Has.Length.EqualTo("STORED\r\n".Length + (61 * one.Length) + "END\r\nMN\r\nEND\r\n".Length));
        Assert.That(peer.Received, Does.EndWith("\r\nEND\r\nMN\r\nEND\r\n"));
    }

    // magic, operation, key length, extras length, body length
    [TestCase(0x80, 0x00, 0, 0, uint.MaxValue, "thrown away")]
    [TestCase(0x80, 0x01, 1, 8, uint.MaxValue, "thrown away")]
    [TestCase(0x80, 0x00, 65_535, 0, 65_535u, "closed")]
    [TestCase(0x80, 0x00, 5, 0, 4u, "closed")]
    [TestCase(0x80, 0x00, 251, 0, 251u, "closed")]
    [TestCase(0x80, 0x01, 1, 255, 256u, "closed")]
    [TestCase(0x80, 0x00, 0, 0, 0u, "invalid arguments")]
    [TestCase(0x80, 0x01, 0, 8, 8u, "invalid arguments")]
    [TestCase(0x80, 0x00, 1, 4, 5u, "invalid arguments")]
    [TestCase(0x80, 0x99, 0, 0, 0u, "unknown command")]
    [TestCase(0x81, 0x00, 0, 0, 0u, "not binary")]
    [TestCase(0xff, 0x00, 0, 0, 0u, "not binary")]
    public void A_binary_header_that_cannot_be_is_refused(int magic, int operation, int key, int extras, uint body, string how)
    {
        var header = new byte[24];
        (header[0], header[1], header[4]) = ((byte)magic, (byte)operation, (byte)extras);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)key);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), body);
        var peer = _world.Dials(_port).Sends(header).Sends(new byte[Math.Min(body, 10_000)]);
        var status = peer.Received.Length >= 24 ? Encoding.Latin1.GetBytes(peer.Received)[7] : (byte)0;
        switch (how)
        {
            case "thrown away":
                Assert.That(peer.Story, Is.Empty);
                break;
            case "closed":
                Assert.That(peer.Story, Is.EqualTo("|").Or.EqualTo("#"));
                break;
            case "not binary":
                Assert.That(peer.Sends("\r\n").Received, Is.EqualTo("ERROR\r\n"));
                break;
            default:
                Assert.That((peer.Received[0], status), Is.EqualTo(('\x81', how == "unknown command" ? (byte)0x81 : (byte)4)));
                break;
        }
    }

    [Test]
    public void However_requests_are_cut_the_answers_are_the_same()
    {
        const string Requests = "set a 1 0 5\r\na\r\nbc\r\nms b 3 F7\r\nxyz\r\nget a b\r\nmg b v f k\r\nset c 0 0 2 noreply\r\ncc\r\nnonsense\r\ngat 100 c\r\nset bad x 0 1\r\nma n N0 J5 v\r\nmn\r\n";
        const string Afresh = "delete a noreply\r\ndelete b noreply\r\ndelete c noreply\r\ndelete n noreply\r\n";
        var whole = _world.Dials(_port).Sends(Afresh + Requests).Received;
        Assert.That(whole, Does.EndWith("MN\r\n"));
        for (var size = 1; size < 20; size++)
        {
            var peer = _world.Dials(_port).Sends(Afresh);
            foreach (var piece in Requests.Chunk(size))
            {
                peer.Sends(new string(piece));
            }

            Assert.That(peer.Received, Is.EqualTo(whole), $"In pieces of {size}.");
        }
    }

    [Test]
    public void Random_bytes_do_no_harm()
    {
        var random = new Random(11);
        for (var n = 0; n < (Live.IsSoak ? 5000 : 200); n++)
        {
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            if (random.Next(3) == 0)
            {
                bytes[0] = 0x80;
            }

            _world.Dials(_port).Sends(bytes).Resets();
        }
    }
}
