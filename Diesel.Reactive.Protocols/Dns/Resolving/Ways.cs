using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>From which of its addresses this machine would send to others. The system is asked once a second for each, however many lookups want to know: it takes a socket
/// each time. On the hub.</summary>
/// <param name="now">Says what time it is.</param>
/// <param name="ask">Asks the system; null: there is no way.</param>
internal sealed class Ways(Func<TimeSpan> now, Func<IPAddress, IPAddress?> ask)
{
    /// <summary>How long one holds.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    // Of more within a second, the first are asked for again.
    private const int Most = 1000;

    private readonly Dictionary<IPAddress, IPAddress?> _sources = [];
    private TimeSpan _until;

    public IPAddress? SourceOf(IPAddress to)
    {
        if (now() is var time && (time >= _until || _sources.Count >= Most))
        {
            _sources.Clear();
            _until = time + Time;
        }

        if (!_sources.TryGetValue(to, out var source))
        {
            _sources[to] = source = ask(to);
        }

        return source;
    }
}
