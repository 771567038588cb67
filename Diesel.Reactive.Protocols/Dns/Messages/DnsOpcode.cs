namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What kind of message it is.</summary>
public enum DnsOpcode
{
    /// <summary>A question (RFC 1035).</summary>
    Query = 0,

    /// <summary>Asks how the server is (RFC 1035).</summary>
    Status = 2,

    /// <summary>A zone has changed (RFC 1996).</summary>
    Notify = 4,

    /// <summary>Changes a zone (RFC 2136).</summary>
    Update = 5,
}
