namespace Diesel.Reactive;

/// <summary>How far a client is with its connection.</summary>
public enum ClientPhase
{
    /// <summary>There is none: nobody needs one, or the last attempt has failed and the next is not due.</summary>
    Disconnected,

    /// <summary>The peer's address is looked up, and dialled.</summary>
    Connecting,

    /// <summary>It is open, and being made ready: who is there, what is subscribed to.</summary>
    Preparing,

    /// <summary>Calls go over it.</summary>
    Ready,
}
