using System.Buffers;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Collects the commands of a batch; what it returns for them only stands for their values.</summary>
internal sealed class RedisBatch : IRedisCommands
{
    private readonly List<IPromise> _asked = [];
    private bool _isClosed;

    // Mostly they are returned in the order they were asked for.
    private int _next;

    /// <summary>What stands for the value of a command.</summary>
    private interface IPromise
    {
        IRedisCommand Asked { get; }
    }

    public int Count => _asked.Count;

    public IEnumerable<IRedisCommand> Commands => _asked.Select(static promise => promise.Asked);

    public bool IsRepeatable => _asked.TrueForAll(static promise => promise.Asked.IsRepeatable);

    public long Length { get; private set; }

    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        OwnConnection.ThrowIfNeededBy(command);
        if (_isClosed)
        {
            throw new InvalidOperationException($"{command.Name} comes too late: the batch was made already.");
        }

        var promise = new Promise<T>(command);
        _asked.Add(promise);
        Length += ((IRedisCommand)command).Length;
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
        var (command, index) = Find(promise);
        return replies => command.Parse(replies[index]);
    }

    /// <summary>Finds the values of several commands among the replies to all.</summary>
    /// <exception cref="ArgumentException">What was returned is not what commands of this batch returned.</exception>
    public Func<RespValue[], IReadOnlyList<T>> Reader<T>(IEnumerable<Awaitable<T>> promises)
    {
        Awaitable<T>[] all = [.. promises];
        var places = PlacesOf(all);
        return replies =>
        {
            var values = new T[all.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = ((Promise<T>)all[i]).Command.Parse(replies[places is null ? i : places[i]]);
            }

            return values;
        };
    }

    public void Write(IBufferWriter<byte> output)
    {
        foreach (var promise in _asked)
        {
            promise.Asked.Write(output);
        }
    }

    /// <summary>The first error among replies to these commands, if there is one.</summary>
    public RedisBatchException? Refused(ReadOnlySpan<RespValue> replies)
    {
        for (var i = 0; i < replies.Length; i++)
        {
            if (replies[i].ToException() is { } no)
            {
                return new RedisBatchException(i, _asked[i].Asked.Name, no);
            }
        }

        return null;
    }

    // Null: they are all that were asked for, in their order.
    private int[]? PlacesOf<T>(Awaitable<T>[] all)
    {
        var isAll = all.Length == Count;
        for (var i = 0; isAll && i < all.Length; i++)
        {
            isAll = ReferenceEquals(_asked[i], all[i]);
        }

        return isAll ? null : Array.ConvertAll(all, promise => Find(promise).Index);
    }

    private (RedisCommand<T> Command, int Index) Find<T>(Awaitable<T> promise)
    {
        var index = _next < Count && ReferenceEquals(_asked[_next], promise) ? _next : _asked.FindIndex(asked => ReferenceEquals(asked, promise));
        _next = index + 1;
        return index >= 0
            ? (((Promise<T>)promise).Command, index)
            : throw new ArgumentException("The function has to return what the commands of its batch returned, unchanged.", nameof(promise));
    }

    private sealed class Promise<T>(RedisCommand<T> command) : Awaitable<T>, IPromise
    {
        public RedisCommand<T> Command => command;

        IRedisCommand IPromise.Asked => command;

        public override IDisposable Subscribe(IObserver<T> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            observer.OnError(new InvalidOperationException($"{command} is sent with its batch: await that."));
            return Disposable.Empty;
        }

        public override string ToString() => command.Name;
    }
}
