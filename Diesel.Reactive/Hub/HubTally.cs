namespace Diesel.Reactive;

/// <summary>What a hub has done so far. Written by its thread, read by any: the numbers only grow.</summary>
internal sealed class HubTally
{
    /// <summary>Connections opened.</summary>
    public long Opened;

    /// <summary>Bytes connections have received.</summary>
    public long Received;

    /// <summary>Bytes connections have handed to their transports.</summary>
    public long Sent;

    /// <summary>Layers that have begun to agree with their peer.</summary>
    public long HandshakesBegun;

    /// <summary>Those that have come to an end, whatever it was.</summary>
    public long HandshakesEnded;
}
