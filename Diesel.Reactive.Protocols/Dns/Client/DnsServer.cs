using System.Net;
using System.Security.Cryptography;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>One server, and what is known of it. On its client's hub.</summary>
internal sealed class DnsServer(DnsTarget target, DnsClient client) : IDisposable
{
    // How soon one that did not answer is tried again, beside a query that goes to another: within 30 s of living again it shall be back, and
    // until then have less than a twentieth of the queries of who asks once a second.
    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(25);

    // RFC 6891, section 6.2.2: "for a brief time".
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    // RFC 9018, section 3.
    private static readonly TimeSpan CookiePause = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(250);

    private TimeSpan? _smoothed;
    private TimeSpan _noEdnsUntil;
    private TimeSpan _noOptionsUntil;
    private TimeSpan _noCookieUntil;
    private TimeSpan _probeAt;
    private byte[]? _serverCookie;
    private byte[]? _bothCookies;
    private DnsLink? _link;
    private DnsPorts? _ports;
    private DnsOverHttp? _overHttp;

    public DnsTarget Target => target;

    public IPEndPoint EndPoint => target.EndPoint;

    /// <summary>Whether it did not answer the last time.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Its own of each client's cookies: 8 bytes that only the two know.</summary>
    public byte[] ClientCookie { get; private set; } = RandomNumberGenerator.GetBytes(8);

    /// <summary>Our address as the server has seen it with the cookie it gave.</summary>
    public IPAddress? CookieAddress { get; private set; }

    /// <summary>Whether a reply must have a cookie: it gave one.</summary>
    public bool GivesCookies => _serverCookie is not null;

    /// <summary>Whether it has ever answered with EDNS.</summary>
    public bool KnowsEdns { get; private set; }

    public bool TakesEdns => IsOver(_noEdnsUntil);

    public bool TakesOptions => IsOver(_noOptionsUntil);

    /// <summary>Its place: of those that live the quicker first, and first of all those that nobody has measured; of the others, whoever is tried first.</summary>
    public TimeSpan Rank => IsDead ? _probeAt : _smoothed ?? TimeSpan.Zero;

    /// <summary>The connection to it.</summary>
    public DnsLink Link => _link ??= new DnsLink(target, client);

    /// <summary>How it is asked by HTTP.</summary>
    public DnsOverHttp OverHttp => _overHttp ??= new DnsOverHttp(target, client);

    /// <summary>Where datagrams to it leave.</summary>
    public DnsPorts Ports => _ports ??= new DnsPorts(this, client);

    /// <summary>How long it has for an answer.</summary>
    public TimeSpan Patience(int round, TimeSpan unknown)
    {
        var one = _smoothed is { } smoothed ? smoothed * 1.5 : unknown;
        one = (one < LeastTimeout ? LeastTimeout : one) * (1 << Math.Min(round, 4));
        return one < unknown ? one : unknown;
    }

    public bool ComesBefore(DnsServer other) => IsDead == other.IsDead ? Rank < other.Rank : other.IsDead;

    public void Answered(TimeSpan took)
    {
        IsDead = false;
        _smoothed = _smoothed is { } smoothed ? (smoothed * 7 + took) / 8 : took;
    }

    public void Missed()
    {
        IsDead = true;
        _probeAt = client.Elapsed + ProbePause;
    }

    /// <summary>Whether it is time to see whether it lives again; asked once.</summary>
    public bool TryProbe()
    {
        if (!IsDead || client.Elapsed < _probeAt)
        {
            return false;
        }

        _probeAt = client.Elapsed + ProbePause;
        return true;
    }

    /// <summary>Another one was asked: what is known of this one grows old, and it is measured again some day.</summary>
    public void Fade() => _smoothed *= 0.98;

    public void HasEdns() => KnowsEdns = true;

    public void HasNoEdns() => _noEdnsUntil = client.Elapsed + Memory;

    public void DislikesOptions() => _noOptionsUntil = client.Elapsed + Memory;

    /// <summary>What to send as a cookie (RFC 7873, section 5.1); null: none.</summary>
    public byte[]? Cookie() => !IsOver(_noCookieUntil) ? null : _serverCookie is null ? ClientCookie : _bothCookies ??= [.. ClientCookie, .. _serverCookie];

    /// <summary>We have another address: the old cookies would tell that both are one.</summary>
    public void ForgetCookie() => (_serverCookie, _bothCookies, CookieAddress, ClientCookie) = (null, null, null, RandomNumberGenerator.GetBytes(8));

    /// <summary>It does without cookies, and is not asked for one for some time.</summary>
    public void HasNoCookie()
    {
        ForgetCookie();
        _noCookieUntil = client.Elapsed + CookiePause;
    }

    /// <summary>A cookie that came back.</summary>
    /// <returns>False: the reply is not the server's.</returns>
    public bool TakeCookie(ReadOnlySpan<byte> cookie, IPAddress? ours)
    {
        if (cookie.Length is not 8 and not (>= 16 and <= 40) || !cookie[..8].SequenceEqual(ClientCookie))
        {
            return false;
        }

        if (cookie.Length > 8 && !cookie[8..].SequenceEqual(_serverCookie))
        {
            (_serverCookie, _bothCookies) = (cookie[8..].ToArray(), null);
        }

        CookieAddress = cookie.Length > 8 ? ours ?? CookieAddress : CookieAddress;
        return true;
    }

    /// <summary>Nobody asks just now.</summary>
    public void Tidy() => _ports?.Tidy();

    public void Dispose()
    {
        _link?.Dispose();
        _ports?.Dispose();
        _overHttp?.Dispose();
    }

    public override string ToString() => $"{EndPoint}";

    // Mostly nothing was to be waited for, and the clock need not be read.
    private bool IsOver(TimeSpan until) => until == TimeSpan.Zero || client.Elapsed >= until;
}
