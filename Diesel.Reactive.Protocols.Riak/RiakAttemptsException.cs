using System.Net;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>One try of a call.</summary>
/// <param name="Server">At which node.</param>
/// <param name="Error">What became of it.</param>
public sealed record RiakAttempt(EndPoint Server, Exception Error);

/// <summary>A call was tried several times, and each time in vain.</summary>
/// <remarks>The inner exception is that of the last attempt.</remarks>
public sealed class RiakAttemptsException : ConnectionException
{
    internal RiakAttemptsException(string call, IReadOnlyList<RiakAttempt> attempts)
        : base(
            $"{call} was tried {attempts.Count} times. {string.Join(" ", attempts.Select(static one => $"{one.Server.Shown()}: {one.Error.Message}"))}",
            attempts[^1].Server,
            attempts[^1].Error) => Attempts = attempts;

    /// <summary>Each try, in order.</summary>
    public IReadOnlyList<RiakAttempt> Attempts { get; }
}
