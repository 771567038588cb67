namespace Diesel.Reactive.Protocols.Http;

/// <summary>Where a side is in an exchange.</summary>
public enum HttpState
{
    /// <summary>It has sent nothing of this exchange.</summary>
    Idle,

    /// <summary>The server owes an answer.</summary>
    SendResponse,

    /// <summary>Its head is sent, its body is not whole.</summary>
    SendBody,

    /// <summary>Its message is whole.</summary>
    Done,

    /// <summary>Its message is whole, and it sends no other on this connection.</summary>
    MustClose,

    /// <summary>It sends nothing more.</summary>
    Closed,

    /// <summary>The client has proposed another protocol and waits for what the server says.</summary>
    MightSwitch,

    /// <summary>Another protocol is spoken.</summary>
    Switched,

    /// <summary>It has broken the rules.</summary>
    Error,
}
