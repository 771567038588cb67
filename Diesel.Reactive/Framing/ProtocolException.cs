using System.Net;

namespace Diesel.Reactive;

/// <summary>The peer sent what its protocol does not allow.</summary>
/// <remarks>It arrives through <c>OnError</c>. The bytes from the offending frame on were not consumed, so the
/// connection cannot go on with the same framing: answer if the protocol wants it, then close.</remarks>
public class ProtocolException : Exception
{
    /// <summary>Makes an exception that says what is wrong with the bytes.</summary>
    /// <param name="message">What arrived, what was allowed, and what the reader can do.</param>
    public ProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception that says what is wrong with the bytes and what found it.</summary>
    /// <param name="message">What arrived, what was allowed, and what the reader can do.</param>
    /// <param name="innerException">The failure that was met while decoding.</param>
    public ProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The peer that sent the bytes; null when they did not come from a connection.</summary>
    public EndPoint? EndPoint { get; internal set; }

    /// <summary>What is wrong, and which peer sent it when that is known.</summary>
    public override string Message => EndPoint is null ? base.Message : $"{base.Message} (peer: {EndPoint})";
}
