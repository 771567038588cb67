namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The server refused a command of a batch or a transaction.</summary>
/// <remarks>In a batch the others were carried out. In a transaction all were, or none: none when the command was refused beforehand
/// (an unknown command, a wrong number of arguments).</remarks>
public sealed class RedisBatchException : Exception
{
    internal RedisBatchException(int index, string command, RedisErrorException error)
        : base($"Command {index} of a batch, {command}: {error.Message}", error) =>
        (Index, Error) = (index, error);

    /// <summary>Which one, from 0: the first that was refused.</summary>
    public int Index { get; }

    /// <summary>What the server said.</summary>
    public RedisErrorException Error { get; }
}
