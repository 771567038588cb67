using System.Buffers;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A command, and what its reply means.</summary>
/// <typeparam name="T">What the caller gets.</typeparam>
/// <remarks>A recipe: each <c>await</c> of what <see cref="IRedisCommands.Ask"/> gives sends it once more.</remarks>
public sealed class RedisCommand<T> : Call<RespValue, T>, IRedisCommand
{
    private readonly Func<RespValue, T> _read;

    private static readonly Bytes Nothing = new(Array.Empty<byte>());

    // Few commands have more than two arguments. One that is not there has no memory, not even an empty one.
    private readonly Bytes _first;
    private readonly Bytes _second;

    // Null; the arguments, where there are more; or whatever else it has.
    private readonly object? _more;

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
        (Name, _read) = (name, read);
        if (arguments.Length <= 2)
        {
            (_first, _second) = (arguments.Length > 0 ? Present(arguments[0]) : default, arguments.Length > 1 ? Present(arguments[1]) : default);
        }
        else
        {
            _more = arguments.ToArray();
        }
    }

    private RedisCommand(RedisCommand<T> other)
    {
        (Name, _read, _first, _second, _more) = (other.Name, other._read, other._first, other._second, other._more);
    }

    /// <summary>The command's name.</summary>
    public string Name { get; }

    /// <summary>Whether it changes nothing, and so is sent again when a connection was lost before its reply; default false.</summary>
    public bool IsReadOnly
    {
        get => More?.IsReadOnly == true;
        init => _more = value == IsReadOnly ? _more : _more is null ? Extras.Reading : Extras.Of(_more) with { IsReadOnly = value };
    }

    /// <summary>How long the server may wait by the command's own wish (<c>BLPOP</c>), on top of the client's time limit;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: for ever. A client sends such a command over a connection of its own. Null, the default: it does not
    /// wait.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan? Blocks
    {
        get => More?.Blocks;
        init => _more = value is { } span && span < TimeSpan.Zero && span != Timeout.InfiniteTimeSpan
            ? throw new ArgumentOutOfRangeException(nameof(Blocks), value, "Nobody waits for less than nothing; Timeout.InfiniteTimeSpan is for ever.")
            : Extras.Of(_more) with { Blocks = value };
    }

    /// <inheritdoc/>
    protected override TimeSpan Wait => Blocks is { } blocks ? blocks.And(MoreTime) : MoreTime;

    /// <summary>What undoes it, by its reply, when the caller has left meanwhile; null: nothing has to be undone.</summary>
    internal Func<RespValue, RedisCommand<RespValue>?>? GiveBack
    {
        get => More?.GiveBack;
        init => _more = Extras.Of(_more) with { GiveBack = value };
    }

    /// <summary>Whether it may change something, though it may be sent again.</summary>
    internal bool IsWrite
    {
        get => More?.IsWrite == true;
        init => _more = value == IsWrite ? _more : Extras.Of(_more) with { IsWrite = value };
    }

    /// <summary>How much longer than others it may take.</summary>
    internal TimeSpan MoreTime
    {
        get => More?.MoreTime ?? TimeSpan.Zero;
        init => _more = Extras.Of(_more) with { MoreTime = value };
    }

    /// <summary>Notes each time it is sent; null: nobody wants to know.</summary>
    internal Attempts? Attempts
    {
        get => More?.Attempts;
        init => _more = Extras.Of(_more) with { Attempts = value };
    }

    /// <inheritdoc/>
    protected override bool IsRepeatable => IsReadOnly;

    private Extras? More => _more as Extras;

    private Bytes[]? All => _more as Bytes[] ?? More?.All;

    private int Few => !IsThere(_first) ? 0 : IsThere(_second) ? 2 : 1;

    private Bytes[] Arguments => All ?? [.. new[] { _first, _second }.Take(Few)];

    bool IRedisCommand.IsRepeatable => IsReadOnly;

    bool IRedisCommand.MayAskReplica => IsReadOnly && !IsWrite;

    /// <inheritdoc/>
    protected override long Length => All is { } all ? all.Sum(static argument => (long)argument.Length) : _first.Length + _second.Length;

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

    /// <summary>The same, of which it is noted how often it is sent, or is not.</summary>
    internal RedisCommand<T> With(Attempts? attempts) => new(this) { Attempts = attempts };

    /// <summary>The same, with the reply as it comes.</summary>
    internal RedisCommand<RespValue> Raw() => new(Name, Reply.Any, Arguments) { IsReadOnly = IsReadOnly, IsWrite = IsWrite, Blocks = Blocks, MoreTime = MoreTime };

    /// <inheritdoc/>
    protected override T Read(RespValue reply) => Parse(reply);

    /// <inheritdoc/>
    protected override void Write(IBufferWriter<byte> output)
    {
        Attempts?.Begin();
        var hasWords = Name.Contains(' ', StringComparison.Ordinal);
        if (All is null && !hasWords && RespCodec.TryWriteShort(output, Name, Few, _first, _second))
        {
            return;
        }

        RespCodec.WriteHeader(output, '*', Name.AsSpan().Count(' ') + 1 + (All?.Length ?? Few));
        if (hasWords)
        {
            foreach (var word in Name.AsSpan().Split(' '))
            {
                RespCodec.WriteWord(output, Name.AsSpan()[word]);
            }
        }
        else
        {
            RespCodec.WriteWord(output, Name);
        }

        if (All is { } all)
        {
            foreach (var argument in all)
            {
                RespCodec.WriteBulk(output, '$', argument.Span);
            }

            return;
        }

        if (IsThere(_first))
        {
            RespCodec.WriteBulk(output, '$', _first.Span);
        }

        if (IsThere(_second))
        {
            RespCodec.WriteBulk(output, '$', _second.Span);
        }
    }

    private static Bytes Present(Bytes argument) => argument.IsEmpty ? Nothing : argument;

    private static bool IsThere(Bytes argument) => !argument.Memory.Equals(default);

    /// <summary>What few commands have: more arguments than two, more time, or that they only read.</summary>
    private sealed record Extras(Bytes[]? All, bool IsReadOnly, TimeSpan? Blocks, TimeSpan MoreTime, Func<RespValue, RedisCommand<RespValue>?>? GiveBack, bool IsWrite = false, Attempts? Attempts = null)
    {
        public static readonly Extras Reading = new(null, true, null, TimeSpan.Zero, null);

        public static Extras Of(object? more) => more as Extras ?? new Extras(more as Bytes[], false, null, TimeSpan.Zero, null);
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
