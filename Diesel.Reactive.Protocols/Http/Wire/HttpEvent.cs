namespace Diesel.Reactive.Protocols.Http;

/// <summary>What a side has sent.</summary>
public enum HttpEvent
{
    /// <summary>The head of a request.</summary>
    Request,

    /// <summary>A response with 1xx, but for 101.</summary>
    Interim,

    /// <summary>The head of a final response.</summary>
    Response,

    /// <summary>101, or what lets CONNECT through: what follows is another protocol.</summary>
    Switch,

    /// <summary>Some of a body.</summary>
    Data,

    /// <summary>The end of a message: behind a head without a body, too.</summary>
    End,

    /// <summary>The end of what it sends.</summary>
    Close,

    /// <summary>Something that breaks the rules.</summary>
    Fault,
}
