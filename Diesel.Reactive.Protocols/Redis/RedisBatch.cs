using System.Buffers;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Collects the commands of a batch; what it returns for them only stands for their values.</summary>
internal sealed class RedisBatch : IRedisCommands
{
    private readonly List<(IRedisCommand Command, object Promise)> _asked = [];
    private bool _isClosed;

    public int Count => _asked.Count;

    public bool IsRepeatable => _asked.TrueForAll(static asked => asked.Command.IsRepeatable);

    public long Length => _asked.Sum(static asked => asked.Command.Length);

    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        OwnConnection.ThrowIfNeededBy(command.Name);
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
            throw new ArgumentException("The function has to return what the commands of its batch returned, unchanged.", "calls");
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

/// <summary>A batch under way.</summary>
internal sealed class RedisBatchCall<T>(RedisBatch batch, Func<RespValue[], T> read) : StreamCall<RespValue, T>
{
    private ReplyCollector _replies = new(batch.Count);

    protected override bool IsRepeatable => batch.IsRepeatable;

    protected override long Length => batch.Length;

    public override string ToString() => $"a batch of {batch.Count}";

    protected override void Write(IBufferWriter<byte> output) => batch.Write(output);

    protected override bool Read(RespValue reply, IObserver<T> items)
    {
        if (!_replies.TryFill(reply, out var all))
        {
            return false;
        }

        ReplyCollector.Tell(items, () => batch.Refused(all) is { } refused ? throw refused : read(all));
        return true;
    }
}

/// <summary>A transaction under way.</summary>
internal sealed class RedisTransactionCall<T>(RedisBatch batch, Func<RespValue[], T> read) : StreamCall<RespValue, T>
{
    private ReplyCollector _replies = new(batch.Count + 2);

    protected override long Length => batch.Length;

    public override string ToString() => $"a transaction of {batch.Count}";

    protected override void Write(IBufferWriter<byte> output)
    {
        output.Write("*1\r\n$5\r\nMULTI\r\n"u8);
        batch.Write(output);
        output.Write("*1\r\n$4\r\nEXEC\r\n"u8);
    }

    // OK, then QUEUED for each or why not, then what EXEC says.
    protected override bool Read(RespValue reply, IObserver<T> items)
    {
        if (!_replies.TryFill(reply, out var all))
        {
            return false;
        }

        ReplyCollector.Tell(items, () => Result(all));
        return true;
    }

    private T Result(RespValue[] all)
    {
        var exec = all[^1];
        if ((all[0].ToException() ?? batch.Refused(all.AsSpan()[1..^1]) ?? (Exception?)exec.ToException()) is { } refused)
        {
            throw refused;
        }

        var values = exec.ToItems().ToArray();
        return values.Length != batch.Count
            ? throw new ProtocolException($"EXEC gave {values.Length} values for {batch.Count} commands.")
            : batch.Refused(values) is { } failed ? throw failed : read(values);
    }
}

/// <summary>Gathers a known number of replies.</summary>
internal struct ReplyCollector(int count)
{
    private RespValue[]? _replies;
    private int _filled;

    public bool TryFill(RespValue reply, out RespValue[] all)
    {
        all = _replies ??= new RespValue[count];
        all[_filled++] = reply;
        return _filled == count;
    }

    public static void Tell<T>(IObserver<T> items, Func<T> result)
    {
        T value;
        try
        {
            value = result();
        }
        catch (Exception wrong)
        {
            items.OnError(wrong);
            return;
        }

        items.OnNext(value);
    }
}
