namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Values of the Redis serialization protocol, in both of its versions: to speak it over a connection of your own, as a client
/// or a server.</summary>
/// <param name="limits">What a peer may send; null for the defaults.</param>
/// <remarks>
/// <para>An announced count allocates nothing, and the work is linear however the bytes were cut. Errors: <see cref="ProtocolException"/>, which
/// names the limit. A push within another value counts as one of its values, as redis-server sends it so. The streamed forms
/// (<c>$?</c>, <c>*?</c>), which no server sends, are refused.</para>
/// <para>Source: the RESP3 specification 1.6.</para>
/// </remarks>
public sealed class RespFraming(RespLimits? limits = null) : Framing<RespValue>
{
    private readonly RespLimits _limits = limits ?? RespLimits.Default;

    /// <inheritdoc/>
    public override Decoder<RespValue> CreateDecoder() => new RespDecoder(_limits);
}
