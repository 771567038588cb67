using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>Requests of the text protocol, good and bad, one connection each; what a server answers to all of them.</summary>
internal static class MemcachedScript
{
    private const string End = "md the-end k\r\n";
    private const string Ended = "NF kthe-end\r\n";

    /// <summary>Each a whole conversation.</summary>
    public static IEnumerable<string> All()
    {
        var longest = new string('k', 250);
        var longer = new string('k', 251);

        // Storing.
        foreach (var command in new[] { "set", "add", "replace", "append", "prepend" })
        {
            yield return $"{command} a 5 0 3\r\nabc\r\nget a\r\n";
            yield return $"set a 7 0 3\r\nxyz\r\n{command} a 5 0 3\r\nabc\r\nget a\r\n";
            yield return $"{command} a 5 0 3 noreply\r\nabc\r\nget a\r\n";
            yield return $"{command} {longest} 0 0 1\r\n1\r\nget {longest}\r\n";
            yield return $"{command} {longer} 0 0 1\r\n1\r\n";
            yield return $"{command} a\r\n";
            yield return $"{command} a 0 0\r\n";
            yield return $"{command} a 0 0 -1\r\n";
            yield return $"{command} a 0 0 x\r\n";
            yield return $"{command} a x 0 1\r\n1\r\n";
            yield return $"{command} a -1 0 1\r\n1\r\n";
            yield return $"{command} a 4294967295 0 1\r\n1\r\nget a\r\n";
            yield return $"{command} a 4294967296 0 1\r\n1\r\n";
            yield return $"{command} a 0 x 1\r\n1\r\n";
            yield return $"{command} a 0 -1 1\r\n1\r\nget a\r\n";
            yield return $"{command} a 0 100 1\r\n1\r\nget a\r\n";
            yield return $"{command} a 0 0 0\r\n\r\nget a\r\n";
            yield return $"{command} a 0 0 3\r\nabcd\r\nget a\r\n";
            yield return $"{command} a 0 0 3\r\nab\r\n\r\nget a\r\n";
            yield return $"{command} a 0 0 5\r\na\r\nbc\r\nget a\r\n";
            yield return $"{command} a 0 0 1 more noreply\r\n1\r\n";
            yield return $"{command}  a  0  0  1\r\n1\r\nget a\r\n";
        }

        // Comparing and swapping.
        yield return "cas a 0 0 1 1\r\n1\r\n";
        yield return "set a 0 0 1\r\n1\r\ncas a 0 0 1 99999999\r\n2\r\nget a\r\n";
        yield return "cas a 0 0 1\r\n1\r\n";
        yield return "cas a 0 0 1 x\r\n1\r\n";
        yield return "cas a 0 0 1 99999999 noreply\r\n1\r\nget a\r\n";

        // Reading.
        yield return "get\r\n";
        yield return "gets\r\n";
        yield return "get a\r\n";
        yield return $"get {longer}\r\n";
        yield return $"get a {longer} b\r\n";
        yield return "set a 1 0 1\r\n1\r\nset b 2 0 2\r\n22\r\nget a c b a\r\n";
        yield return "get  a   b \r\n";
        yield return "get a\nget b\n";
        yield return "gat\r\n";
        yield return "gat 100\r\n";
        yield return "gat x a\r\n";
        yield return "set a 1 0 1\r\n1\r\ngat 100 a b\r\nmg a t\r\n";
        yield return "set a 1 0 1\r\n1\r\ngat -1 a\r\nget a\r\n";

        // Deleting.
        yield return "delete\r\n";
        yield return "delete a\r\n";
        yield return "set a 0 0 1\r\n1\r\ndelete a\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\ndelete a 0\r\n";
        yield return "set a 0 0 1\r\n1\r\ndelete a 5\r\n";
        yield return "set a 0 0 1\r\n1\r\ndelete a noreply\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\ndelete a 0 noreply\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\ndelete a 5 noreply\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\ndelete a foo bar baz\r\n";
        yield return $"delete {longer}\r\n";

        // Counting.
        foreach (var command in new[] { "incr", "decr" })
        {
            yield return $"{command}\r\n";
            yield return $"{command} a\r\n";
            yield return $"{command} a 1\r\n";
            yield return $"{command} a x\r\n";
            yield return $"{command} a -1\r\n";
            yield return $"{command} a 1 noreply\r\n";
            yield return $"{command} {longer} 1\r\n";
            yield return $"set a 0 0 1\r\nx\r\n{command} a 1\r\n";
            yield return $"set a 0 0 0\r\n\r\n{command} a 1\r\n";
            yield return $"set a 9 0 2\r\n10\r\n{command} a 1\r\nget a\r\n";
            yield return $"set a 9 0 2\r\n10\r\n{command} a 1 noreply\r\nget a\r\n";
            yield return $"set a 9 0 20\r\n18446744073709551615\r\n{command} a 1\r\nget a\r\n";
            yield return $"set a 9 0 20\r\n18446744073709551616\r\n{command} a 1\r\nget a\r\n";
            yield return $"set a 9 0 1\r\n5\r\n{command} a 18446744073709551615\r\nget a\r\n";
            yield return $"set a 9 0 1\r\n5\r\n{command} a 18446744073709551616\r\nget a\r\n";
            yield return $"set a 9 0 2\r\n5 \r\n{command} a 1\r\nget a\r\n";
            yield return $"set a 9 0 2\r\n-5\r\n{command} a 1\r\nget a\r\n";
        }

        // Touching, flushing, the rest.
        yield return "touch\r\n";
        yield return "touch a\r\n";
        yield return "touch a 1\r\n";
        yield return "touch a x\r\n";
        yield return "set a 0 0 1\r\n1\r\ntouch a 100\r\nmg a t\r\n";
        yield return "set a 0 0 1\r\n1\r\ntouch a -1\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\ntouch a 0 noreply\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\nflush_all\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\nflush_all noreply\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\nflush_all 100\r\nget a\r\n";
        yield return "flush_all x\r\n";
        yield return "flush_all -1\r\n";
        yield return "verbosity\r\n";
        yield return "verbosity 1\r\n";
        yield return "verbosity 1 noreply\r\n";
        yield return "version\r\n";
        yield return "\r\n";
        yield return "nonsense\r\n";
        yield return "SET a 0 0 1\r\n1\r\n";
        yield return " get a\r\n";
        yield return "shutdown\r\n";
        yield return "stats reset\r\n";

        // Meta: reading.
        foreach (var command in new[] { "mg", "md", "ma", "me" })
        {
            yield return $"{command}\r\n";
            yield return $"{command} a\r\n";
            yield return $"{command} {longer}\r\n";
            yield return $"{command} a y\r\n";
            yield return $"{command} a q q\r\n";
            yield return $"{command} a q\r\n";
            yield return $"{command} a k O123\r\n";
            yield return $"{command} a O{new string('o', 31)}\r\n";
            yield return $"{command} a O{new string('o', 32)}\r\n";
            yield return $"{command} YQ== b k\r\n";
            yield return $"{command} !! b\r\n";
            yield return $"set a 3 0 1\r\n5\r\n{command} a k O123\r\n";
            yield return $"set a 3 0 1\r\n5\r\n{command} YQ== b k O1\r\nget a\r\n";
            yield return $"set a 3 0 1\r\n5\r\n{command} a q\r\n";
        }

        yield return "set a 3 0 2\r\n55\r\nmg a v\r\nmg a f s v\r\nmg a t h l k\r\nmg a h\r\n";
        yield return "set a 3 0 0\r\n\r\nmg a v\r\n";
        yield return "set a 3 100 1\r\n5\r\nmg a t\r\nmg a t T50\r\nmg a t\r\nmg a T0\r\nmg a t\r\n";
        yield return "mg a v N30 t\r\nmg a v\r\nget a\r\nadd a 0 0 1\r\n1\r\n";
        yield return "mg a N30 v\r\nmg a N30 v\r\nms a 1 T0\r\n1\r\nmg a N30 v\r\n";
        yield return "mg a Nx\r\n";
        yield return "mg a T\r\n";
        yield return "set a 0 100 1\r\n1\r\nmg a R30 v\r\nmg a R200 v\r\nmg a R200 v\r\nmg a v\r\n";
        yield return "set a 0 0 1\r\n1\r\nmg a R30 v\r\n";
        yield return "set a 0 0 1\r\n1\r\nmd a I T30\r\nmg a v t\r\nmg a v\r\nms a 1\r\n2\r\nmg a v\r\n";
        yield return "set a 0 0 1\r\n1\r\nmd a I\r\nmg a v\r\nget a\r\n";
        yield return "mg a u v\r\nset a 0 0 1\r\n1\r\nmg a u v\r\n";
        yield return "mg a v k q\r\nmn\r\n";

        // Meta: storing.
        yield return "ms\r\n";
        yield return "ms a\r\n";
        yield return "ms a x\r\n";
        yield return "ms a -1\r\n";
        yield return $"ms {longer} 1\r\n1\r\n";
        yield return "ms a 1\r\n1\r\nmg a v f t\r\n";
        yield return "ms a 1 F7 T100\r\n1\r\nmg a v f t\r\n";
        yield return "ms a 1 k O9\r\n1\r\n";
        yield return "ms YQ== 1 b k\r\n1\r\nget a\r\n";
        yield return "ms a 1 q\r\n1\r\nget a\r\n";
        yield return "ms a 1 y\r\n1\r\nget a\r\n";
        yield return "ms a 1 k k\r\n1\r\n";
        yield return "ms a 1 Fx\r\n1\r\n";
        yield return "ms a 1 Tx\r\n1\r\n";
        yield return "ms a 2\r\n1\r\n\r\nget a\r\n";
        yield return "ms a 1\r\n12\r\nget a\r\n";
        yield return "ms a 0\r\n\r\nget a\r\n";
        yield return "ms a 1 C99999999\r\n1\r\n";
        yield return "set a 0 0 1\r\n1\r\nms a 1 C99999999\r\n2\r\nget a\r\n";
        yield return "set a 0 0 1\r\n1\r\nms a 1 I C1\r\n2\r\nmg a v\r\n";
        foreach (var mode in "EAPRSeaprsx")
        {
            yield return $"ms a 1 M{mode} F5\r\n1\r\nmg a v f\r\n";
            yield return $"set a 3 0 1\r\n0\r\nms a 1 M{mode} F5\r\n1\r\nmg a v f\r\n";
        }

        yield return "ms a 1 MA N100\r\n1\r\nmg a v t\r\n";
        yield return "ms a 1 M\r\n1\r\n";

        // Meta: deleting and counting.
        yield return "set a 0 0 1\r\n1\r\nmd a C99999999\r\nmd a\r\nmd a\r\n";
        yield return "set a 0 0 1\r\n1\r\nma a\r\nma a v\r\nma a D10 v\r\nma a MD D5 v\r\nma a M- D100 v\r\nget a\r\n";
        yield return "ma a N0 v\r\nma a N0 v\r\n";
        yield return "ma a N100 J13 v t\r\nma a N100 J13 v t\r\n";
        yield return "set a 0 0 1\r\nx\r\nma a v\r\n";
        yield return "set a 0 0 1\r\n1\r\nma a Dx v\r\n";
        yield return "set a 0 0 1\r\n1\r\nma a Mx v\r\n";
        yield return "set a 0 0 1\r\n1\r\nma a C99999999 v\r\n";
        yield return "set a 0 0 1\r\n1\r\nma a T100 t v\r\n";
        yield return "set a 0 0 1\r\n1\r\nma a q\r\nma a q v\r\nma a v\r\n";
        yield return "mn\r\n";
        yield return "mn x\r\n";
        yield return "mx\r\n";
    }

    /// <summary>What a server answers, with what differs from run to run replaced.</summary>
    public static string Answers(EndPoint server, string script)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };
        socket.Connect(server);
        socket.Send(Encoding.Latin1.GetBytes($"flush_all\r\n{script}{End}"));
        var (text, buffer) = (new StringBuilder(), new byte[64 * 1024]);
        while (!text.ToString().EndsWith(Ended, StringComparison.Ordinal))
        {
            var count = socket.Poll(TimeSpan.FromSeconds(5), SelectMode.SelectRead) ? socket.Receive(buffer) : 0;
            if (count == 0)
            {
                text.Append("(closed)");
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        // Item numbers, sizes and the last use are the server's own business.
        return Regex.Replace(text.ToString(), @"(?<=cas=|la=|cls=|size=|VERSION )\S+", "…");
    }
}
