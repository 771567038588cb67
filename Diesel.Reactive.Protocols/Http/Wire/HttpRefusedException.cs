namespace Diesel.Reactive.Protocols.Http;

/// <summary>A message was refused, as it is none by the rules, or passes a limit.</summary>
/// <remarks>Its message says what was wrong and which rule was broken. A server answers with <see cref="Status"/> and closes; of a response it
/// is 502, since a gateway would say that.</remarks>
public sealed class HttpRefusedException : ProtocolException
{
    /// <summary>Makes one.</summary>
    /// <param name="status">What is answered: 400 to 599.</param>
    /// <param name="rule">The document and section that was broken: <c>RFC 9112 §3.2</c>.</param>
    /// <param name="reason">What is wrong: one sentence without its full stop.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is none that refuses.</exception>
    public HttpRefusedException(int status, string rule, string reason)
        : base($"{reason} ({rule}).")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        (Status, Rule, Reason) = (status, rule, reason);
    }

    /// <summary>The status that is answered.</summary>
    public int Status { get; }

    /// <summary>The document and section that was broken.</summary>
    public string Rule { get; }

    /// <summary>What is wrong, in a few words that are sent to nobody but those who look.</summary>
    public string Reason { get; }
}
