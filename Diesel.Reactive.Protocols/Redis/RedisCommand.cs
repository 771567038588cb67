using System.Buffers;
using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A command, and what its reply means.</summary>
/// <typeparam name="T">What the caller gets.</typeparam>
/// <remarks>A recipe: each <c>await</c> of what <see cref="IRedisCommands.Ask"/> gives sends it once more.</remarks>
public sealed class RedisCommand<T> : Call<RespValue, T>, IRedisCommand
{
    private readonly Func<RespValue, T> _read;

    // Few commands have more than two arguments, and those need no array.
    private readonly Bytes _first;
    private readonly Bytes _second;
    private readonly Bytes[]? _all;
    private readonly int _count;

    // Few commands have that either.
    private readonly Waiting? _waiting;

    /// <summary>Makes a command.</summary>
    /// <param name="name">As the server knows it, with its subcommand: <c>GET</c>, <c>CLIENT INFO</c>, <c>JSON.GET</c>.</param>
    /// <param name="read">What a reply that is no error means. What it throws is the caller's error.</param>
    /// <param name="arguments">Any.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="read"/> is null.</exception>
    public RedisCommand(string name, Func<RespValue, T> read, params ReadOnlySpan<Bytes> arguments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(read);
        (Name, _read, _count) = (name, read, arguments.Length);
        if (_count <= 2)
        {
            (_first, _second) = (_count > 0 ? arguments[0] : default, _count > 1 ? arguments[1] : default);
        }
        else
        {
            _all = arguments.ToArray();
        }
    }

    private RedisCommand(RedisCommand<T> other)
    {
        (Name, _read, _first, _second, _all, _count) = (other.Name, other._read, other._first, other._second, other._all, other._count);
        (IsReadOnly, _waiting, IsWrite) = (other.IsReadOnly, other._waiting, other.IsWrite);
    }

    /// <summary>The command's name.</summary>
    public string Name { get; }

    /// <summary>Whether it changes nothing, and so is sent again when a connection was lost before its reply; default false.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>How long the server may wait by the command's own wish (<c>BLPOP</c>), on top of the client's time limit;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: for ever. A client sends such a command over a connection of its own. Null, the default: it does not
    /// wait.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan? Blocks
    {
        get => _waiting?.Blocks;
        init => _waiting = value is { } span && span < TimeSpan.Zero && span != Timeout.InfiniteTimeSpan
            ? throw new ArgumentOutOfRangeException(nameof(Blocks), value, "Nobody waits for less than nothing; Timeout.InfiniteTimeSpan is for ever.")
            : Waiting.Of(_waiting) with { Blocks = value };
    }

    /// <inheritdoc/>
    protected override TimeSpan Wait => Blocks is { } blocks ? blocks.And(MoreTime) : MoreTime;

    /// <summary>What undoes it, by its reply, when the caller has left meanwhile; null: nothing has to be undone.</summary>
    internal Func<RespValue, RedisCommand<RespValue>?>? GiveBack
    {
        get => _waiting?.GiveBack;
        init => _waiting = Waiting.Of(_waiting) with { GiveBack = value };
    }

    /// <summary>Whether it may change something, though it may be sent again.</summary>
    internal bool IsWrite { get; init; }

    /// <summary>How much longer than others it may take.</summary>
    internal TimeSpan MoreTime
    {
        get => _waiting?.MoreTime ?? TimeSpan.Zero;
        init => _waiting = Waiting.Of(_waiting) with { MoreTime = value };
    }

    /// <inheritdoc/>
    protected override bool IsRepeatable => IsReadOnly;

    private Bytes[] Arguments => _all ?? [.. new[] { _first, _second }.Take(_count)];

    bool IRedisCommand.IsRepeatable => IsReadOnly;

    bool IRedisCommand.MayAskReplica => IsReadOnly && !IsWrite;

    /// <inheritdoc/>
    protected override long Length => _all is null ? _first.Length + _second.Length : _all.Sum(static argument => (long)argument.Length);

    long IRedisCommand.Length => Length;

    IEnumerable<Bytes> IRedisCommand.Arguments => Arguments;

    /// <summary>The command's name: its arguments may be secrets, or long.</summary>
    public override string ToString() => Name;

    void IRedisCommand.Write(IBufferWriter<byte> output) => Write(output);

    /// <summary>What a reply means.</summary>
    /// <exception cref="RedisErrorException">The server said no.</exception>
    internal T Parse(RespValue reply) => reply.ToException() is { } no ? throw no : _read(reply);

    /// <summary>The same, to be sent again when a connection was lost before its reply.</summary>
    internal RedisCommand<T> Repeatable() => IsReadOnly ? this : new(this) { IsReadOnly = true, IsWrite = true };

    /// <summary>The same, with more time than others.</summary>
    internal RedisCommand<T> With(TimeSpan moreTime) => new(this) { MoreTime = moreTime };

    /// <summary>The same, with the reply as it comes.</summary>
    internal RedisCommand<RespValue> Raw() => new(Name, Reply.Any, Arguments) { IsReadOnly = IsReadOnly, IsWrite = IsWrite, Blocks = Blocks, MoreTime = MoreTime };

    /// <inheritdoc/>
    protected override T Read(RespValue reply) => Parse(reply);

    /// <inheritdoc/>
    protected override void Write(IBufferWriter<byte> output)
    {
        RespCodec.WriteHeader(output, '*', Name.AsSpan().Count(' ') + 1 + _count);
        foreach (var word in Name.AsSpan().Split(' '))
        {
            WriteWord(output, Name.AsSpan()[word]);
        }

        if (_all is not null)
        {
            foreach (var argument in _all)
            {
                RespCodec.WriteBulk(output, '$', argument.Span);
            }

            return;
        }

        if (_count > 0)
        {
            RespCodec.WriteBulk(output, '$', _first.Span);
        }

        if (_count > 1)
        {
            RespCodec.WriteBulk(output, '$', _second.Span);
        }
    }

    private static void WriteWord(IBufferWriter<byte> output, ReadOnlySpan<char> word)
    {
        RespCodec.WriteHeader(output, '$', Encoding.UTF8.GetByteCount(word));
        Encoding.UTF8.GetBytes(word, output);
        output.Write("\r\n"u8);
    }

    /// <summary>Of a command that may take longer than others.</summary>
    private sealed record Waiting(TimeSpan? Blocks, TimeSpan MoreTime, Func<RespValue, RedisCommand<RespValue>?>? GiveBack)
    {
        private static readonly Waiting None = new(null, TimeSpan.Zero, null);

        public static Waiting Of(Waiting? known) => known ?? None;
    }
}

/// <summary>A command, whatever its reply means.</summary>
internal interface IRedisCommand
{
    string Name { get; }

    bool IsRepeatable { get; }

    /// <summary>Whether whoever follows a primary can answer it.</summary>
    bool MayAskReplica { get; }

    long Length { get; }

    IEnumerable<Bytes> Arguments { get; }

    void Write(IBufferWriter<byte> output);
}
