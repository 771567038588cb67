using System.Globalization;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A server that is asked by HTTP (RFC 8484): the client of its connections, which it shares with nobody. On the hub.</summary>
internal sealed class DnsOverHttp : IDisposable
{
    private const string MediaType = "application/dns-message";

    private readonly HttpHubClient _http;
    private readonly HttpHeaders _headers;
    private readonly string _path;

    public DnsOverHttp(DnsTarget target, DnsClient client)
    {
        var (options, place) = (client.Options, target.EndPoint);
        var host = target.Name ?? $"{place.Address}";
        _path = target.Path;
        _headers = HttpHeaders.Of(("Accept", MediaType), ("Host", Authority(host, target)));
        _http = new HttpHubClient(
            $"{place.Address}",
            place.Port,
            new HttpClientOptions
            {
                Tls = target.IsPlain ? null : DnsLink.TlsOf(target, options),
                ConnectTimeout = options.Timeout,
                Timeout = options.Timeout,
                QueueTimeout = options.Timeout,
                IdleTimeout = options.IdleTimeout,
                MaxConnections = options.MaxInFlight,
                MaxWaiting = options.MaxQueuedCalls,

                // Whoever is to be asked was named; and names of others would have to be asked for.
                FollowRedirects = false,
                Limits = new HttpLimits { MaxBody = ushort.MaxValue },
            },
            client.Hub);
    }

    /// <summary>Asks.</summary>
    /// <param name="query">With the id 0, so that caches on the way know it again.</param>
    /// <returns>The reply, its times as much shorter as it is old.</returns>
    /// <remarks>Errors: <see cref="ProtocolException"/> for what is no reply, and those of <see cref="HttpHubClient.Request"/>.</remarks>
    public IObservable<DnsMessage> Ask(byte[] query) => _http.Request("POST", _path, _headers, HttpRequestBody.Bytes(query, MediaType)).SelectMany(Read);

    public void Dispose() => _http.Dispose();

    private static string Authority(string host, DnsTarget target)
    {
        var bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return target.EndPoint.Port == target.UsualPort ? bracketed : string.Create(CultureInfo.InvariantCulture, $"{bracketed}:{target.EndPoint.Port}");
    }

    private static IObservable<DnsMessage> Read(HttpReply reply)
    {
        var type = (reply.Headers["Content-Type"] ?? "").Split(';')[0].Trim();
        if (reply.Status is < 200 or > 299 || !type.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
        {
            reply.Dispose();
            return Observable.Throw<DnsMessage>(new ProtocolException($"It answers by HTTP: {reply.Status} {reply.Reason}, {(type.Length > 0 ? type : "of no type")}."));
        }

        var age = uint.TryParse(reply.Headers["Age"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        return reply.Read().Select(body => Older(DnsMessageReader.Read(body.Span), age));
    }

    // RFC 8484, section 5.1: what was kept by a cache of HTTP has become older there.
    private static DnsMessage Older(DnsMessage message, uint age) => age == 0 ? message : message with
    {
        Answers = Older(message.Answers, age),
        Authorities = Older(message.Authorities, age),
        Additionals = Older(message.Additionals, age),
    };

    private static DnsRecord[] Older(IReadOnlyList<DnsRecord> records, uint age) => [.. records.Select(record => record.With(seconds: record.Seconds > age ? record.Seconds - age : 0))];
}

/// <summary>A query by HTTP.</summary>
internal sealed class DnsPosted(DnsRun run, DnsServer server, DnsForm form, TimeSpan began) : DnsExchange(run, server, DnsTransport.Http, form, began), IObserver<DnsMessage>
{
    private readonly SingleAssignmentDisposable _asking = new();

    public override void Begin()
    {
        var writer = Run.Client.Writer;
        Write(writer, 0);
        _asking.Disposable = Server.OverHttp.Ask(writer.Written.ToArray()).Subscribe(this);
    }

    public override void Dispose() => _asking.Dispose();

    public void OnNext(DnsMessage value)
    {
        if (Run.Asked.IsAnsweredBy(value))
        {
            Run.Take(this, value);
        }
        else
        {
            OnError(new ProtocolException("It answers something else than it was asked."));
        }
    }

    public void OnError(Exception error) => Run.Failed(this, error);

    public void OnCompleted()
    {
    }
}
