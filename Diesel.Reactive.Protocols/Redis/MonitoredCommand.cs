using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A command that a server has carried out: <see cref="RedisMonitoring.Monitor"/>.</summary>
/// <param name="Time">When, to the microsecond.</param>
/// <param name="Database">In which database.</param>
/// <param name="Client">From where: address and port, or <c>lua</c>.</param>
/// <param name="Words">The command and its arguments; secrets are left out by the server.</param>
public sealed record MonitoredCommand(DateTimeOffset Time, int Database, string Client, IReadOnlyList<Bytes> Words)
{
    /// <summary>The command as a person reads it.</summary>
    public override string ToString() => string.Join(' ', Words);

    // 1339518083.107412 [0 127.0.0.1:60866] "keys" "*"
    internal static MonitoredCommand Parse(string line)
    {
        var (open, close) = (line.IndexOf('[', StringComparison.Ordinal), line.IndexOf(']', StringComparison.Ordinal));
        return open > 0 && close > open
            && decimal.TryParse(line.AsSpan(0, open), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var seconds)
            && line[(open + 1)..close].Split(' ', 2) is [var database, var client] && int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)), number, client, [.. Quoted(line, close + 1)])
            : throw new ProtocolException($"No command that was monitored: '{line}'.");
    }

    private static IEnumerable<Bytes> Quoted(string line, int at)
    {
        while ((at = line.IndexOf('"', at)) >= 0)
        {
            var word = new List<byte>();
            for (at++; at < line.Length && line[at] != '"';)
            {
                at += Take(line.AsSpan(at), word);
            }

            at++;
            yield return word.ToArray();
        }
    }

    // Quotes and backslashes behind a backslash, line ends and the like by a letter, all else that is not printable as \xHH.
    private static int Take(ReadOnlySpan<char> text, List<byte> word)
    {
        if (text[0] != '\\' || text.Length < 2)
        {
            word.AddRange(Encoding.UTF8.GetBytes(text[..1].ToString()));
            return 1;
        }

        if (text is [_, 'x', _, _, ..] && byte.TryParse(text[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal))
        {
            word.Add(hexadecimal);
            return 4;
        }

        word.Add(text[1] switch
        {
            'n' => (byte)'\n',
            'r' => (byte)'\r',
            't' => (byte)'\t',
            'a' => 7,
            'b' => 8,
            var other => (byte)other,
        });
        return 2;
    }
}
