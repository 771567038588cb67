using System.Buffers;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Collects the commands of a batch; what it returns for them only stands for their values.</summary>
internal sealed class RedisBatch : IRedisCommands
{
    private readonly List<(IRedisCommand Command, object Promise)> _asked = [];
    private bool _isClosed;

    public int Count => _asked.Count;

    public IEnumerable<IRedisCommand> Commands => _asked.Select(static asked => asked.Command);

    public bool IsRepeatable => _asked.TrueForAll(static asked => asked.Command.IsRepeatable);

    public long Length => _asked.Sum(static asked => asked.Command.Length);

    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        OwnConnection.ThrowIfNeededBy(command);
        if (_isClosed)
        {
            throw new InvalidOperationException($"{command.Name} comes too late: the batch was made already.");
        }

        var promise = Observable.Throw<T>(new InvalidOperationException($"{command.Name} is sent with its batch: await that.")).ToAwaitable($"{command.Name} of a batch");
        _asked.Add((command, promise));
        return promise;
    }

    /// <summary>No more commands.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public void Close()
    {
        _isClosed = true;
        if (Count == 0)
        {
            throw new ArgumentException("No command was asked for.", "calls");
        }
    }

    /// <summary>Finds a command's value among the replies to all.</summary>
    /// <exception cref="ArgumentException">What was returned is not what a command of this batch returned.</exception>
    public Func<RespValue[], T> Reader<T>(Awaitable<T> promise)
    {
        var index = _asked.FindIndex(asked => ReferenceEquals(asked.Promise, promise));
        if (index < 0)
        {
            throw new ArgumentException("The function has to return what the commands of its batch returned, unchanged.", nameof(promise));
        }

        var command = (RedisCommand<T>)_asked[index].Command;
        return replies => command.Parse(replies[index]);
    }

    public void Write(IBufferWriter<byte> output)
    {
        foreach (var (command, _) in _asked)
        {
            command.Write(output);
        }
    }

    /// <summary>The first error among replies to these commands, if there is one.</summary>
    public RedisBatchException? Refused(ReadOnlySpan<RespValue> replies)
    {
        for (var i = 0; i < replies.Length; i++)
        {
            if (replies[i].ToException() is { } no)
            {
                return new RedisBatchException(i, _asked[i].Command.Name, no);
            }
        }

        return null;
    }
}
