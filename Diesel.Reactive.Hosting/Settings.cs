using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Protocols.Http;
using Microsoft.Extensions.Configuration;

namespace Diesel.Reactive.Hosting;

/// <summary>Options out of a configuration, each setting by the name of its property.</summary>
/// <remarks>Read by hand: nothing is left to reflection, so programs may be trimmed, and a setting that nobody knows is an error, not a limit that is not there.</remarks>
internal static class Settings
{
    private static readonly Dictionary<string, Func<HubOptions, string, HubOptions>> OfHub = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Name"] = static (options, text) => options with { Name = text },
        ["Portable"] = static (options, text) => options with { Portable = bool.Parse(text) },
        ["SlowTurn"] = static (options, text) => options with { SlowTurn = Time(text) },
        ["Spin"] = static (options, text) => options with { Spin = Time(text) },
    };

    private static readonly Dictionary<string, Func<TcpServiceOptions, string, TcpServiceOptions>> OfService = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CloseTimeout"] = static (options, text) => options with { CloseTimeout = Time(text) },
        ["DrainTimeout"] = static (options, text) => options with { DrainTimeout = Time(text) },
        ["FirstByteTimeout"] = static (options, text) => options with { FirstByteTimeout = Time(text) },
        ["FrameTimeout"] = static (options, text) => options with { FrameTimeout = Time(text) },
        ["HighWaterMark"] = static (options, text) => options with { HighWaterMark = Number(text) },
        ["IdleTimeout"] = static (options, text) => options with { IdleTimeout = Time(text) },
        ["LowWaterMark"] = static (options, text) => options with { LowWaterMark = Number(text) },
        ["MaxBufferedInput"] = static (options, text) => options with { MaxBufferedInput = LongNumber(text) },
        ["MaxConnections"] = static (options, text) => options with { MaxConnections = Number(text) },
        ["MaxConnectionsPerAddress"] = static (options, text) => options with { MaxConnectionsPerAddress = Number(text) },
        ["MaxLingering"] = static (options, text) => options with { MaxLingering = Number(text) },
        ["MaxPendingBytes"] = static (options, text) => options with { MaxPendingBytes = LongNumber(text) },
        ["MaxPendingOutput"] = static (options, text) => options with { MaxPendingOutput = LongNumber(text) },
        ["MinimumRate"] = static (options, text) => options with { MinimumRate = Number(text) },
        ["MinimumRateGrace"] = static (options, text) => options with { MinimumRateGrace = Time(text) },
        ["MinimumWriteRate"] = static (options, text) => options with { MinimumWriteRate = Number(text) },
        ["PeerEndedTimeout"] = static (options, text) => options with { PeerEndedTimeout = Time(text) },
    };

    private static readonly Dictionary<string, Func<HttpClientOptions, string, HttpClientOptions>> OfHttpClient = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CloseTimeout"] = static (options, text) => options with { CloseTimeout = Time(text) },
        ["ConnectTimeout"] = static (options, text) => options with { ConnectTimeout = Time(text) },
        ["DrainTimeout"] = static (options, text) => options with { DrainTimeout = Time(text) },
        ["ExpectTimeout"] = static (options, text) => options with { ExpectTimeout = Time(text) },
        ["FollowRedirects"] = static (options, text) => options with { FollowRedirects = bool.Parse(text) },
        ["HighWaterMark"] = static (options, text) => options with { HighWaterMark = Number(text) },
        ["IdleTimeout"] = static (options, text) => options with { IdleTimeout = Time(text) },
        ["Lifetime"] = static (options, text) => options with { Lifetime = Time(text) },
        ["LowWaterMark"] = static (options, text) => options with { LowWaterMark = Number(text) },
        ["MaxConnections"] = static (options, text) => options with { MaxConnections = Number(text) },
        ["MaxDrain"] = static (options, text) => options with { MaxDrain = LongNumber(text) },
        ["MaxInflated"] = static (options, text) => options with { MaxInflated = LongNumber(text) },
        ["MaxInterim"] = static (options, text) => options with { MaxInterim = Number(text) },
        ["MaxPendingBytes"] = static (options, text) => options with { MaxPendingBytes = LongNumber(text) },
        ["MaxRedirects"] = static (options, text) => options with { MaxRedirects = Number(text) },
        ["MaxWaiting"] = static (options, text) => options with { MaxWaiting = Number(text) },
        ["PreAuthenticate"] = static (options, text) => options with { PreAuthenticate = bool.Parse(text) },
        ["QueueTimeout"] = static (options, text) => options with { QueueTimeout = Time(text) },
        ["Timeout"] = static (options, text) => options with { Timeout = Time(text) },
    };

    private static readonly Dictionary<string, Func<ServicePlace, string, ServicePlace>> OfPlace = OfService
        .Select(static one => KeyValuePair.Create<string, Func<ServicePlace, string, ServicePlace>>(
            one.Key, (place, text) => place with { Options = one.Value(place.Options, text) }))
        .Append(new("EndPoint", static (place, text) => place with { EndPoint = Address(text) }))
        .Append(new("Certificate", static (place, text) => place with { Options = place.Options with { Tls = Certificate(text) } }))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    public static HubOptions Hub(HubOptions options, IConfigurationSection? section) => Read(options, section, OfHub);

    public static HttpClientOptions HttpClient(HttpClientOptions options, IConfigurationSection? section) => Read(options, section, OfHttpClient);

    public static ServicePlace Service(ServicePlace place, IConfigurationSection? section) => Read(place, section, OfPlace);

    private static T Read<T>(T start, IConfigurationSection? section, Dictionary<string, Func<T, string, T>> known)
    {
        var read = start;
        foreach (var setting in section?.GetChildren() ?? [])
        {
            if (!known.TryGetValue(setting.Key, out var change) || setting.Value is not { } text)
            {
                throw new FormatException($"{setting.Path} is no setting. These are: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
            }

            try
            {
                read = change(read, text);
            }
            catch (Exception error) when (error is FormatException or OverflowException or ArgumentException or IOException or System.Security.Cryptography.CryptographicException)
            {
                throw new FormatException($"{setting.Path} is '{text}': {error.Message}", error);
            }
        }

        return read;
    }

    // A number alone would be days, which nobody means.
    private static TimeSpan Time(string text) =>
        text.Equals("never", StringComparison.OrdinalIgnoreCase) ? Timeout.InfiniteTimeSpan
        : text.Contains(':', StringComparison.Ordinal) ? TimeSpan.Parse(text, CultureInfo.InvariantCulture)
        : throw new FormatException("A time is hours:minutes:seconds, as 00:00:30, or 'never'.");

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long LongNumber(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static EndPoint Address(string text) =>
        text.StartsWith("unix:", StringComparison.Ordinal) ? new UnixDomainSocketEndPoint(text["unix:".Length..])
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? new IPEndPoint(IPAddress.Any, port)
        : IPEndPoint.TryParse(text, out var address) ? address
        : throw new FormatException("An endpoint is a port, an address with a port (127.0.0.1:4321, [::1]:4321), or unix: and a path.");

    // The key is in the same file, or beside it in a file of the same name with .key.
    private static TlsServerOptions Certificate(string path)
    {
        var key = Path.ChangeExtension(path, ".key");
        return new() { Certificate = TlsCertificate.FromPem(path, File.Exists(key) ? key : null) };
    }
}
