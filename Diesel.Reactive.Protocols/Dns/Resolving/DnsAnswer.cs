namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What is known of a name in the end: other names for it, and the records of the last, or that there are none.</summary>
/// <param name="question">What was asked.</param>
/// <param name="links">CNAME records, in order.</param>
/// <param name="final">The records, or that there are none.</param>
/// <param name="now">When it was told.</param>
/// <param name="isStale">It is given after its time.</param>
internal sealed class DnsAnswer(DnsQuestion question, IReadOnlyList<CacheEntry> links, CacheEntry final, TimeSpan now, bool isStale)
{
    // RFC 8767, section 5.2.
    private static readonly TimeSpan StaleTime = TimeSpan.FromSeconds(30);

    public DnsQuestion Question => question;

    /// <summary>What it stands on; null: on what nobody is to rely on any longer.</summary>
    public IEnumerable<CacheEntry>? Grounds => isStale ? null : links.Append(final);

    public IReadOnlyList<DnsRecord> Records => final.Records;

    public DnsResponseCode Code => final.Code;

    /// <summary>For how long all of it holds.</summary>
    public TimeSpan TimeToLive
    {
        get
        {
            var least = Left(final);
            foreach (var link in links)
            {
                least = Left(link) < least ? Left(link) : least;
            }

            return least;
        }
    }

    /// <summary>There are records, or it says that there are none.</summary>
    public DnsException? Error => final.Records.Count > 0 ? null : new DnsException(
        final.Code == DnsResponseCode.NameError ? $"There is no name {final.Key.Name.ToUnicode()}{Asked}." : $"{final.Key.Name.ToUnicode()} has no record of type {question.Type.Print()}{Asked}.",
        final.Code);

    private string Asked => links.Count > 0 ? $", which {question.Name.ToUnicode()} leads to" : "";

    /// <summary>As a server would say it, with the times that are left.</summary>
    public DnsReply ToReply() => new DnsMessage
    {
        IsResponse = true,
        RecursionAvailable = true,
        ResponseCode = final.Code,
        Questions = [question],
        Answers = [.. links.Append(final).SelectMany(entry => entry.Records.Select(record => Aged(record, entry)))],
        Authorities = final.Soa is { } soa ? [Aged(soa, final)] : [],
    };

    private TimeSpan Left(CacheEntry entry) => isStale ? StaleTime : entry.TimeToLive == TimeSpan.Zero ? TimeSpan.Zero : entry.Left(now);

    // Rounded up: what holds for half a second yet is no TTL of 0, which means that it must not be kept.
    private DnsRecord Aged(DnsRecord record, CacheEntry entry) => record.With(seconds: (uint)Math.Ceiling(Left(entry).TotalSeconds));
}
