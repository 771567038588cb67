namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The server said no.</summary>
/// <remarks>The connection is unharmed, and so are all other calls.</remarks>
public sealed class RedisErrorException : Exception
{
    /// <summary>Makes an exception of an error reply.</summary>
    /// <param name="text">As the server sent it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public RedisErrorException(string text)
        : base(text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Code = text.Split(' ', 2)[0];
    }

    /// <summary>Its first word: <c>ERR</c>, <c>WRONGTYPE</c>, <c>MOVED</c>.</summary>
    public string Code { get; }
}
