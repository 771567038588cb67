using System.Net;
using System.Text;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Storms of commands that want no answer, mixed with some that do: what is answered is what memcached answers, in its order.</summary>
public class MemcachedNoReplyTests
{
    private static int Seeds => Live.IsSoak ? 200 : 10;

    [Test]
    public void Answers_stay_aligned_as_memcacheds()
    {
        using var theirs = new MemcachedDaemon();
        using var live = new Live();
        var ours = live.Starts(new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0)));
        for (var seed = 0; seed < Seeds; seed++)
        {
            var storm = Storm(new Random(seed), 2000);
            var (wanted, got) = (Answers(theirs.EndPoint, storm), Answers(ours.EndPoint, storm));
            Assert.That(got, Is.EqualTo(wanted), $"Seed {seed}.");
            Assert.That(got, Does.EndWith("MN\r\n"));
        }
    }

    private static string Answers(EndPoint server, string storm)
    {
        using var peer = new RawPeer(server);
        var sending = Task.Run(() => peer.Sends($"flush_all noreply\r\n{storm}mn\r\n").Ends());
        var text = peer.ReadsToEnd().Text;
        sending.GetAwaiter().GetResult();
        return text;
    }

    private static string Storm(Random random, int count)
    {
        var text = new StringBuilder();
        for (var n = 0; n < count; n++)
        {
            var (key, quiet) = ($"k{random.Next(20)}", random.Next(4) > 0);
            var (noreply, q) = (quiet ? " noreply" : "", quiet ? " q" : "");
            var value = new string((char)('a' + random.Next(26)), random.Next(40));
            text.Append(random.Next(22) switch
            {
                < 3 => $"set {key} {random.Next(100)} 0 {value.Length}{noreply}\r\n{value}\r\n",
                3 => $"add {key} 0 0 {value.Length}{noreply}\r\n{value}\r\n",
                4 => $"replace {key} 0 0 {value.Length}{noreply}\r\n{value}\r\n",
                5 => $"append {key} 0 0 {value.Length}{noreply}\r\n{value}\r\n",
                6 => $"prepend {key} 0 0 {value.Length}{noreply}\r\n{value}\r\n",
                7 => $"cas {key} 0 0 {value.Length} 1000000{noreply}\r\n{value}\r\n",
                8 => $"set {key} 0 0 2{noreply}\r\n{random.Next(10, 100)}\r\n",
                9 => $"incr {key} {random.Next(5)}{noreply}\r\n",
                10 => $"decr {key} {random.Next(5)}{noreply}\r\n",
                11 => $"delete {key}{noreply}\r\n",
                12 => $"touch {key} 1000{noreply}\r\n",
                13 => $"ms {key} {value.Length} F7{q}\r\n{value}\r\n",
                14 => $"mg {key} v f{q}\r\n",
                15 => $"md {key}{q}\r\n",
                16 => $"ma {key} N0 J5{q}\r\n",
                17 => $"get {key} k{random.Next(20)}\r\n",
                18 => $"set {key} x 0 0{noreply}\r\n",
                19 => $"set {key} 0 0 1{noreply}\r\nab\r\n",
                20 => $"incr {key} x{noreply}\r\n",
                _ => $"nonsense{noreply}\r\n",
            });
        }

        return text.ToString();
    }
}
