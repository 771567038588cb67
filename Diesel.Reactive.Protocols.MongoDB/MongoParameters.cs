using System.Collections.Immutable;
using System.Globalization;
using System.Net.Security;
using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a connection string sets.</summary>
internal sealed record MongoSettings(MongoOptions Options, MongoTopologyOptions Topology)
{
    public bool? IsTls { get; init; }

    public bool? IsInsecure { get; init; }

    public bool? AcceptsCertificates { get; init; }

    public bool? AcceptsHostnames { get; init; }
}

/// <summary>What may stand behind the question mark. A value that cannot be is null here, and told of.</summary>
internal static class MongoParameters
{
    private static readonly Dictionary<string, Func<MongoSettings, string, MongoSettings?>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["appName"] = Set(static (o, v) => Encoding.UTF8.GetByteCount(v) > 128 ? null : o with { ApplicationName = v }),
        ["authMechanism"] = Set(static (o, v) => o with { Mechanism = MechanismOf(v) }),
        ["authMechanismProperties"] = static (s, _) => s,
        ["authSource"] = Set(static (o, v) => v.Length == 0 ? throw MongoUriParser.Wrong("has an empty authSource") : o with { AuthSource = v }),
        ["compressors"] = Set(static (o, v) => o with { Compressor = v.Split(',').Contains("zlib") ? MongoCompressor.Zlib : MongoCompressor.None }),
        ["connectTimeoutMS"] = Set(static (o, v) => Span(v) is { } t && t != Timeout.InfiniteTimeSpan ? o with { ConnectTimeout = t } : null),
        ["directConnection"] = Topology(static (t, v) => Bool(v) is { } b ? t with { IsDirect = b } : null),
        ["heartbeatFrequencyMS"] = Topology(static (t, v) => Span(v) is { TotalMilliseconds: >= 500 } s ? t with { HeartbeatInterval = s } : null),
        ["journal"] = Concern(static (c, v) => Bool(v) is { } b ? c with { Journal = b } : null),
        ["loadBalanced"] = Topology(static (t, v) => Bool(v) is { } b ? t with { IsLoadBalanced = b } : null),
        ["localThresholdMS"] = Topology(static (t, v) => Number(v) is { } n ? t with { LocalThreshold = TimeSpan.FromMilliseconds(n) } : null),
        ["maxConnecting"] = Set(static (o, v) => Number(v) is > 0 and var n ? o with { MaxConnecting = n } : null),
        ["maxIdleTimeMS"] = Set(static (o, v) => Span(v) is { } t ? o with { MaxIdleTime = t } : null),
        ["maxPoolSize"] = Set(static (o, v) => Number(v) is { } n ? o with { MaxPoolSize = n == 0 ? int.MaxValue : n } : null),
        ["maxStalenessSeconds"] = Set(static (o, v) => v == "-1" ? o with { ReadPreference = o.ReadPreference with { MaxStaleness = null } }
            : Number(v) is >= 90 and var n ? o with { ReadPreference = o.ReadPreference with { MaxStaleness = TimeSpan.FromSeconds(n) } } : null),
        ["minPoolSize"] = Set(static (o, v) => Number(v) is { } n ? o with { MinPoolSize = n } : null),
        ["readConcernLevel"] = Set(static (o, v) => v.Length == 0 ? null : o with { ReadConcern = new(v) }),
        ["readPreference"] = Set(static (o, v) => !v.Any(char.IsAsciiDigit) && Enum.TryParse<ReadMode>(v, ignoreCase: true, out var mode)
            ? o with { ReadPreference = o.ReadPreference with { Mode = mode } } : null),
        ["readPreferenceTags"] = Set(static (o, v) => TagsIn(v) is { } tags ? o with { ReadPreference = o.ReadPreference with { Tags = [.. o.ReadPreference.Tags ?? [], tags] } } : null),
        ["replicaSet"] = Topology(static (t, v) => v.Length == 0 ? null : t with { ReplicaSet = v }),
        ["retryReads"] = Set(static (o, v) => Bool(v) is { } b ? o with { RetryReads = b } : null),
        ["retryWrites"] = Topology(static (t, v) => Bool(v) is { } b ? t with { RetryWrites = b } : null),
        ["serverMonitoringMode"] = Topology(static (t, v) => !v.Any(char.IsAsciiDigit) && Enum.TryParse<MongoMonitoring>(v, ignoreCase: true, out var mode) ? t with { Monitoring = mode } : null),
        ["serverSelectionTimeoutMS"] = Topology(static (t, v) => Number(v) is > 0 and var n ? t with { ServerSelectionTimeout = TimeSpan.FromMilliseconds(n) } : null),
        ["serverSelectionTryOnce"] = static (s, v) => Bool(v) is null ? null : s,
        ["socketTimeoutMS"] = static (s, v) => Number(v) is null ? null : s,
        ["srvMaxHosts"] = Topology(static (t, v) => Number(v) is { } n ? t with { SrvMaxHosts = n } : null),
        ["srvServiceName"] = Topology(static (t, v) => v.Length == 0 ? null : t with { SrvServiceName = v }),
        ["ssl"] = static (s, v) => Tls(s, v),
        ["timeoutMS"] = Set(static (o, v) => Span(v) is { } t ? o with { Timeout = t } : null),
        ["tls"] = static (s, v) => Tls(s, v),
        ["tlsAllowInvalidCertificates"] = static (s, v) => Bool(v) is { } b ? s with { AcceptsCertificates = b } : null,
        ["tlsAllowInvalidHostnames"] = static (s, v) => Bool(v) is { } b ? s with { AcceptsHostnames = b } : null,
        ["tlsInsecure"] = static (s, v) => Bool(v) is { } b ? s with { IsInsecure = b } : null,
        ["w"] = Concern(static (c, v) => Number(v) is { } n ? c with { W = n, Mode = null } : v.StartsWith('-') || v.Length == 0 ? null : c with { W = null, Mode = v }),
        ["waitQueueTimeoutMS"] = static (s, v) => Number(v) is null ? null : s,
        ["wTimeoutMS"] = Concern(static (c, v) => Number(v) is { } n ? c with { Timeout = TimeSpan.FromMilliseconds(n) } : null),
        ["zlibCompressionLevel"] = static (s, v) => int.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n is >= -1 and <= 9 ? s : null,
    };

    /// <summary>Sets what the pairs say; what cannot be is told of.</summary>
    public static MongoSettings Read(IEnumerable<(string Key, string Value)> pairs, MongoSettings settings, bool isSrv, out ImmutableArray<string> warnings)
    {
        var (told, seen) = (ImmutableArray.CreateBuilder<string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var (key, value) in pairs)
        {
            if (!Readers.TryGetValue(key, out var read))
            {
                told.Add($"'{key}' is no option that is known here; it is left out.");
            }
            else if (read(settings, value) is { } changed)
            {
                settings = changed;
            }
            else
            {
                told.Add($"'{key}' cannot be that; it is left out.");
            }

            if (!seen.Add(key) && !key.Equals("readPreferenceTags", StringComparison.OrdinalIgnoreCase))
            {
                told.Add($"'{key}' is there twice; the last one counts.");
            }
        }

        warnings = told.ToImmutable();
        return WithTls(settings, isSrv);
    }

    /// <summary>What contradicts itself.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static void Check(MongoSettings settings, int hosts, bool isSrv)
    {
        var (options, topology) = (settings.Options, settings.Topology);
        Refuse(options.WriteConcern is { W: 0, Journal: true }, "wants no answer (w=0) and one when it is in the journal (journal=true)");
        Refuse(settings.IsInsecure is not null && (settings.AcceptsCertificates ?? settings.AcceptsHostnames) is not null, "has tlsInsecure and a part of it");
        Refuse(topology.IsDirect == true && (hosts > 1 || isSrv), "has directConnection with more than one server");
        Refuse(topology.IsLoadBalanced && (hosts > 1 || topology.ReplicaSet is not null || topology.IsDirect == true), "has loadBalanced with several servers, a replica set or directConnection");
        Refuse(topology.SrvMaxHosts > 0 && (!isSrv || topology.ReplicaSet is not null || topology.IsLoadBalanced), "has srvMaxHosts without mongodb+srv, or with a replica set or loadBalanced");
        Refuse(topology.SrvServiceName != "mongodb" && !isSrv, "has srvServiceName without mongodb+srv");
        Refuse(options.MinPoolSize > options.MaxPoolSize, "has a minPoolSize above its maxPoolSize");
        Refuse(options.ReadPreference is { Mode: ReadMode.Primary } and ({ Tags.Count: > 0 } or { MaxStaleness: not null }), "has tags or a staleness for the primary, which is one and up to date");
        Refuse(options.Mechanism is { } mechanism && mechanism != MongoMechanism.X509 && options.User is null, "has an authMechanism and no user");
        Refuse(options.Mechanism is { } scram && scram != MongoMechanism.X509 && options.Password is null, "has a user whose mechanism needs a password, and no password");
        Refuse(options.Mechanism == MongoMechanism.X509 && options.Password is not null, "has a password for a user who has a certificate");
        Refuse(options.Mechanism is MongoMechanism.Plain or MongoMechanism.X509 && options.AuthSource is not (null or "$external"), "has an authSource other than $external for its mechanism");
    }

    /// <summary>What stands behind the question mark.</summary>
    public static string Text(MongoSettings settings, bool isSrv)
    {
        var (o, t, d, n) = (settings.Options, settings.Topology, new MongoOptions(), new MongoTopologyOptions());
        var text = new StringBuilder();
        Add("authSource", o.AuthSource);
        Add("authMechanism", o.Mechanism is { } m ? NameOf(m) : null);
        Add("appName", o.ApplicationName);
        Add("replicaSet", t.ReplicaSet);
        Add("directConnection", t.IsDirect is { } direct ? Said(direct) : null);
        Add("loadBalanced", t.IsLoadBalanced ? "true" : null);
        Add("tls", o.Tls is not null != isSrv ? Said(o.Tls is not null) : null);
        Add("compressors", o.Compressor == MongoCompressor.Zlib ? "zlib" : null);
        Add("timeoutMS", o.Timeout == d.Timeout ? null : Said(o.Timeout));
        Add("connectTimeoutMS", o.ConnectTimeout == d.ConnectTimeout ? null : Said(o.ConnectTimeout));
        Add("maxPoolSize", o.MaxPoolSize == d.MaxPoolSize ? null : Said(o.MaxPoolSize));
        Add("minPoolSize", o.MinPoolSize == d.MinPoolSize ? null : Said(o.MinPoolSize));
        Add("maxConnecting", o.MaxConnecting == d.MaxConnecting ? null : Said(o.MaxConnecting));
        Add("maxIdleTimeMS", o.MaxIdleTime == d.MaxIdleTime ? null : Said(o.MaxIdleTime));
        Add("retryReads", o.RetryReads ? null : "false");
        Add("retryWrites", t.RetryWrites ? null : "false");
        Add("w", o.WriteConcern?.Mode ?? (o.WriteConcern?.W is { } w ? Said(w) : null));
        Add("journal", o.WriteConcern?.Journal is { } journal ? Said(journal) : null);
        Add("wTimeoutMS", o.WriteConcern?.Timeout is { } wait ? Said(wait) : null);
        Add("readConcernLevel", o.ReadConcern?.Level);
        Add("readPreference", o.ReadPreference.Mode == ReadMode.Primary ? null : o.ReadPreference.Name);
        foreach (var tags in o.ReadPreference.Tags ?? [])
        {
            Add("readPreferenceTags", string.Join(',', tags.Select(static tag => $"{tag.Key}:{tag.Value}")));
        }

        Add("maxStalenessSeconds", o.ReadPreference.MaxStaleness is { } stale ? Said((int)stale.TotalSeconds) : null);
        Add("heartbeatFrequencyMS", t.HeartbeatInterval == n.HeartbeatInterval ? null : Said(t.HeartbeatInterval));
        Add("serverMonitoringMode", t.Monitoring == n.Monitoring ? null : t.Monitoring == MongoMonitoring.Poll ? "poll" : "stream");
        Add("serverSelectionTimeoutMS", t.ServerSelectionTimeout == n.ServerSelectionTimeout ? null : Said(t.ServerSelectionTimeout));
        Add("localThresholdMS", t.LocalThreshold == n.LocalThreshold ? null : Said(t.LocalThreshold));
        Add("srvMaxHosts", t.SrvMaxHosts == 0 ? null : Said(t.SrvMaxHosts));
        Add("srvServiceName", t.SrvServiceName == n.SrvServiceName ? null : t.SrvServiceName);
        return text.ToString();

        void Add(string key, string? value) =>
            text.Append(value is null ? "" : $"{(text.Length == 0 ? '?' : '&')}{key}={Uri.EscapeDataString(value)}");
    }

    private static string NameOf(MongoMechanism mechanism) => mechanism switch
    {
        MongoMechanism.ScramSha256 => "SCRAM-SHA-256",
        MongoMechanism.ScramSha1 => "SCRAM-SHA-1",
        MongoMechanism.Plain => "PLAIN",
        _ => "MONGODB-X509",
    };

    private static MongoMechanism MechanismOf(string name) => Enum.GetValues<MongoMechanism>().Where(each => NameOf(each) == name).Select(static each => (MongoMechanism?)each).SingleOrDefault()
        ?? throw MongoUriParser.Wrong("has an authMechanism that is not spoken here: there are SCRAM-SHA-256, SCRAM-SHA-1, PLAIN and MONGODB-X509");

    private static MongoSettings? Tls(MongoSettings settings, string value) => Bool(value) is not { } tls ? null
        : settings.IsTls is { } before && before != tls ? throw MongoUriParser.Wrong("says two things of tls")
        : settings with { IsTls = tls };

    private static MongoSettings WithTls(MongoSettings settings, bool isSrv)
    {
        if (!(settings.IsTls ?? (isSrv || settings.Options.Tls is not null)))
        {
            return settings with { Options = settings.Options with { Tls = null } };
        }

        var tls = settings.Options.Tls ?? new TlsClientOptions();
        var (anyone, anyName) = (settings.AcceptsCertificates ?? settings.IsInsecure ?? false, settings.AcceptsHostnames ?? settings.IsInsecure ?? false);
        return settings with
        {
            Options = settings.Options with
            {
                Tls = tls is TlsClientOptions client && (anyone || anyName) ? client with { Configure = options => Trust(options, client, anyone) } : tls,
            },
        };
    }

    private static void Trust(SslClientAuthenticationOptions options, TlsClientOptions before, bool anyone)
    {
        before.Configure?.Invoke(options);
        options.RemoteCertificateValidationCallback = (_, _, _, errors) => anyone || (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
    }

    private static Dictionary<string, string>? TagsIn(string text)
    {
        var tags = new Dictionary<string, string>();
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split(':') is not [var key, var value])
            {
                return null;
            }

            tags[key] = value;
        }

        return tags;
    }

    private static Func<MongoSettings, string, MongoSettings?> Set(Func<MongoOptions, string, MongoOptions?> set) =>
        (settings, value) => set(settings.Options, value) is { } options ? settings with { Options = options } : null;

    private static Func<MongoSettings, string, MongoSettings?> Topology(Func<MongoTopologyOptions, string, MongoTopologyOptions?> set) =>
        (settings, value) => set(settings.Topology, value) is { } topology ? settings with { Topology = topology } : null;

    private static Func<MongoSettings, string, MongoSettings?> Concern(Func<WriteConcern, string, WriteConcern?> set) =>
        Set((options, value) => set(options.WriteConcern ?? new(), value) is { } concern ? options with { WriteConcern = concern } : null);

    private static void Refuse(bool isSo, string how)
    {
        if (isSo)
        {
            throw MongoUriParser.Wrong(how);
        }
    }

    private static bool? Bool(string text) => text switch { "true" => true, "false" => false, _ => null };

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // 0 is for ever, as the specifications have it.
    private static TimeSpan? Span(string text) => Number(text) switch
    {
        null => null,
        0 => Timeout.InfiniteTimeSpan,
        { } number => TimeSpan.FromMilliseconds(number),
    };

    private static string Said(bool value) => value ? "true" : "false";

    private static string Said(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Said(TimeSpan value) => value == Timeout.InfiniteTimeSpan ? "0" : ((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
