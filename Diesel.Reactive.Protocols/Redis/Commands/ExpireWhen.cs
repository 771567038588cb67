namespace Diesel.Reactive.Protocols.Redis;

/// <summary>On which condition an expiry is set.</summary>
public enum ExpireWhen
{
    /// <summary>On none.</summary>
    Always,

    /// <summary>Only where there is none (<c>NX</c>).</summary>
    HasNone,

    /// <summary>Only where there is one (<c>XX</c>).</summary>
    HasOne,

    /// <summary>Only a later one (<c>GT</c>); never is later than all.</summary>
    Later,

    /// <summary>Only an earlier one (<c>LT</c>).</summary>
    Earlier,
}

/// <summary>What the server calls them.</summary>
internal static class ExpireWhenWords
{
    private static readonly Bytes[][] Known = [[], ["NX"], ["XX"], ["GT"], ["LT"]];

    public static ReadOnlySpan<Bytes> Words(this ExpireWhen when) => Known[(int)when];
}
