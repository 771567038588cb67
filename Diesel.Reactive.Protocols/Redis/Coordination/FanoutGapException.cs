namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Items were forgotten before an inbox had read them; the next <c>Get</c> goes on behind them.</summary>
public sealed class FanoutGapException : IOException
{
    internal FanoutGapException(string fanout, long? missed)
        : base($"{(missed is { } many ? $"{many} items" : "Items")} of {fanout} were forgotten before this inbox had read them. Read faster, or keep more.") => Missed = missed;

    /// <summary>How many; null: nobody knows, as the server has forgotten everything meanwhile.</summary>
    public long? Missed { get; }
}
