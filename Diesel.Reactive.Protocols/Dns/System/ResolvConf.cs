using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What <c>/etc/resolv.conf</c> says: resolv.conf(5).</summary>
internal sealed record ResolvConf
{
    private const int MaxServers = 3;
    private const int MaxDots = 15;
    private const int MaxTimeout = 30;
    private const int MaxAttempts = 5;
    private const int Port = 53;

    /// <summary>The servers, in their order; at most three. Where none is named, the one of this machine.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [new(IPAddress.Loopback, Port)];

    /// <summary>What is put behind names with few dots, one after the other.</summary>
    public IReadOnlyList<DnsName> Search { get; init; } = [];

    /// <summary>A name with so many dots is asked for as it is first; 0 to 15, by default 1.</summary>
    public int Ndots { get; init; } = 1;

    /// <summary>How long one attempt may take; up to 30 s. Null: not said.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often each server is asked, up to 5. Null: not said.</summary>
    public int? Attempts { get; init; }

    /// <summary>Whether only TCP is used (<c>use-vc</c>).</summary>
    public bool UsesTcp { get; init; }

    /// <summary>Whether nobody asks for IPv6 addresses (<c>no-aaaa</c>).</summary>
    public bool HasNoAaaa { get; init; }

    /// <summary>Whether single labels are not asked for as they are (<c>no-tld-query</c>).</summary>
    public bool HasNoTopLevelQuery { get; init; }

    /// <summary>Lines that mean nothing, with their numbers; the others count.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Reads the text of such a file.</summary>
    /// <param name="text">Lines; comments begin with <c>#</c> or <c>;</c>.</param>
    /// <returns>What it says. What it says wrongly is ignored, and told.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static ResolvConf Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (conf, servers, ignored) = (new ResolvConf(), new List<IPEndPoint>(), new List<string>());
        foreach (var (at, line) in text.Split('\n').Index())
        {
            var words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (!TryTake(words, servers, ref conf))
            {
                ignored.Add($"{at + 1}: {line.TrimEnd('\r')}");
            }
        }

        return conf with { Servers = servers.Count > 0 ? servers : conf.Servers, Ignored = ignored };
    }

    private static bool TryTake(string[] words, List<IPEndPoint> servers, ref ResolvConf conf)
    {
        switch (words)
        {
            case ["nameserver", var word, ..] when IPAddress.TryParse(word, out var address):
                if (servers.Count < MaxServers)
                {
                    servers.Add(new(address, Port));
                }

                return true;
            case ["search" or "domain", _, ..]:
                // The last of them wins; a comment may follow, as the words behind it are no names.
                var names = words.Skip(1).Take(words[0] == "domain" ? 1 : int.MaxValue)
                    .Select(static word => DnsName.TryParse(word, out var name) ? name : (DnsName?)null).ToList();
                conf = conf with { Search = [.. names.OfType<DnsName>().Where(static name => !name.IsRoot)] };
                return !names.Contains(null);
            case ["options", ..]:
                var all = true;
                foreach (var option in words.Skip(1))
                {
                    all &= TryOption(option, ref conf);
                }

                return all;
            case ["sortlist", ..]:
                return true;
            default:
                return false;
        }
    }

    private static bool TryOption(string option, ref ResolvConf conf)
    {
        var parts = option.Split(':', 2);
        int? number = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        var changed = (parts[0], number) switch
        {
            ("ndots", { } dots) => conf with { Ndots = Math.Min(dots, MaxDots) },
            ("timeout", { } seconds and > 0) => conf with { Timeout = TimeSpan.FromSeconds(Math.Min(seconds, MaxTimeout)) },
            ("attempts", { } attempts and > 0) => conf with { Attempts = Math.Min(attempts, MaxAttempts) },
            ("use-vc", _) => conf with { UsesTcp = true },
            ("no-aaaa", _) => conf with { HasNoAaaa = true },
            ("no-tld-query", _) => conf with { HasNoTopLevelQuery = true },
            ("rotate" or "edns0" or "trust-ad" or "single-request" or "single-request-reopen" or "inet6" or "debug" or "no-check-names" or "no-reload"
                or "ip6-bytestring" or "ip6-dotint" or "no-ip6-dotint", _) => conf,
            _ => null,
        };
        conf = changed ?? conf;
        return changed is not null;
    }
}
