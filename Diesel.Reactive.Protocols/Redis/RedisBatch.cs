using System.Buffers;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Collects the commands of a batch; what it returns for them only stands for their values.</summary>
internal sealed class RedisBatch : IRedisCommands, ICalls<RespValue>
{
    private readonly List<(IRedisCommand Command, object Promise)> _asked = [];
    private bool _isClosed;

    // Mostly they are returned in the order they were asked for.
    private int _next;

    public int Count => _asked.Count;

    public IEnumerable<IRedisCommand> Commands => _asked.Select(static asked => asked.Command);

    public bool IsRepeatable => _asked.TrueForAll(static asked => asked.Command.IsRepeatable);

    public long Length => _asked.Sum(static asked => asked.Command.Length);

    Hub ICalls<RespValue>.Hub => Hub.Current ?? Hub.Default;

    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        OwnConnection.ThrowIfNeededBy(command);
        if (_isClosed)
        {
            throw new InvalidOperationException($"{command.Name} comes too late: the batch was made already.");
        }

        var promise = CallsExtensions.Ask(this, command);
        _asked.Add((command, promise));
        return promise;
    }

    // What was returned for a command is awaited by itself.
    IDisposable ICalls<RespValue>.Send(Call<RespValue> call)
    {
        ((IRedisCommand)call).Refuse(new InvalidOperationException($"{call} is sent with its batch: await that."));
        return call;
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
        var (command, index) = Find(promise);
        return replies => command.Parse(replies[index]);
    }

    /// <summary>Finds the values of several commands among the replies to all.</summary>
    /// <exception cref="ArgumentException">What was returned is not what commands of this batch returned.</exception>
    public Func<RespValue[], IReadOnlyList<T>> Reader<T>(IEnumerable<Awaitable<T>> promises)
    {
        (RedisCommand<T> Command, int Index)[] found = [.. promises.Select(Find)];
        return replies =>
        {
            var values = new T[found.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = found[i].Command.Parse(replies[found[i].Index]);
            }

            return values;
        };
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

    private (RedisCommand<T> Command, int Index) Find<T>(Awaitable<T> promise)
    {
        var index = _next < Count && ReferenceEquals(_asked[_next].Promise, promise) ? _next : _asked.FindIndex(asked => ReferenceEquals(asked.Promise, promise));
        _next = index + 1;
        return index >= 0
            ? ((RedisCommand<T>)_asked[index].Command, index)
            : throw new ArgumentException("The function has to return what the commands of its batch returned, unchanged.", nameof(promise));
    }
}
