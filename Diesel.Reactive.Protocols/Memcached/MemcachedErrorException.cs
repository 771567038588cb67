namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The server said no.</summary>
/// <remarks>After a <c>CLIENT_ERROR</c> to a command with a value the connection is not used again, as what is read next may belong to that value.</remarks>
public sealed class MemcachedErrorException : Exception
{
    /// <summary>Makes an exception of an error reply.</summary>
    /// <param name="text">As the server sent it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public MemcachedErrorException(string text)
        : base(text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Code = text.Split(' ', 2)[0];
    }

    /// <summary>The same, of a command with a flag that older servers do not know.</summary>
    internal MemcachedErrorException(string text, char newFlag)
        : base(text.StartsWith("CLIENT_ERROR invalid", StringComparison.Ordinal)
            ? $"{text}: the server does not know the flag '{newFlag}', which is newer than memcached 1.6.18. Use a newer server, or do without it."
            : text) => Code = text.Split(' ', 2)[0];

    /// <summary><c>ERROR</c>, <c>CLIENT_ERROR</c> or <c>SERVER_ERROR</c>.</summary>
    public string Code { get; }
}
