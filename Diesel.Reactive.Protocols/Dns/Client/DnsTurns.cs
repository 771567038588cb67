namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Whose turn it is to be asked, in one query: each server in turn, none more often than it may be.</summary>
internal struct DnsTurns(DnsClient client, DnsAsked asked, DnsServer[] servers, int tries)
{
    private readonly Course[] _courses = new Course[servers.Length];
    private int _next;

    /// <summary>Why there is no answer, by server: the last reason of each.</summary>
    public readonly IReadOnlyList<DnsAttempt> Attempts => [.. _courses.Select(static course => course.Last).OfType<DnsAttempt>()];

    /// <summary>The most that one attempt may take: so that there is time for all.</summary>
    public readonly TimeSpan Share => client.Options.Timeout * 0.9 / (servers.Length * tries);

    public bool TryNext(out DnsServer server, out DnsTransport transport)
    {
        for (; _next < servers.Length * tries; _next++)
        {
            ref var course = ref _courses[_next % servers.Length];
            server = servers[_next % servers.Length];
            transport = server.Target.Transport == DnsTransport.Udp && (asked.UsesTcp || course.NeedsTcp) ? DnsTransport.Tcp : server.Target.Transport;
            if (!course.IsDone && TrySend(server, transport))
            {
                _next++;
                return true;
            }
        }

        (server, transport) = (null!, default);
        return false;
    }

    /// <summary>Whether it may be sent there once more, over that transport.</summary>
    public readonly bool TrySend(DnsServer server, DnsTransport transport)
    {
        ref var course = ref Of(server);
        ref var sent = ref course.Udp;
        if (transport != DnsTransport.Udp)
        {
            sent = ref course.Stream;
            course.NeedsTcp = true;
        }

        return sent < tries && ++sent > 0;
    }

    public readonly void Tell(DnsServer server, DnsAttempt attempt, bool isDone)
    {
        ref var course = ref Of(server);
        (course.Last, course.IsDone) = (attempt, course.IsDone || isDone);
    }

    /// <summary>Whether the server had no cookie of ours yet, when it asked for one.</summary>
    public readonly bool IsFirstCookie(DnsServer server)
    {
        ref var course = ref Of(server);
        return !course.HadCookie && (course.HadCookie = true);
    }

    public readonly TimeSpan Patience(DnsServer server)
    {
        var share = Share < client.Options.AttemptTimeout ? Share : client.Options.AttemptTimeout;
        return server.Patience((Math.Max(_next, 1) - 1) / servers.Length, share);
    }

    /// <summary>A server that has never shown that it knows EDNS, and has not answered: perhaps it drops what it does not know.</summary>
    public readonly DnsForm FormFor(DnsServer server)
    {
        if (!asked.UsesEdns || !client.Options.UsesEdns || !server.TakesEdns)
        {
            return DnsForm.Plain;
        }

        ref var course = ref Of(server);
        return tries > 1 && course.Udp == tries && !server.KnowsEdns ? DnsForm.Plain : server.TakesOptions ? DnsForm.Whole : DnsForm.Bare;
    }

    private readonly ref Course Of(DnsServer server)
    {
        for (var at = 0; at < servers.Length; at++)
        {
            if (servers[at] == server)
            {
                return ref _courses[at];
            }
        }

        throw new ArgumentException($"{server} is not asked.");
    }

    private struct Course
    {
        public int Udp;
        public int Stream;
        public bool NeedsTcp;
        public bool IsDone;
        public bool HadCookie;
        public DnsAttempt? Last;
    }
}
