using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A client of a <see cref="MemcachedService"/>: what it asks, one after the other.</summary>
internal sealed class MemcachedSession
{
    private readonly Connection _connection;
    private readonly MemcachedServiceOptions _options;
    private readonly MemcachedItems _items;
    private readonly MemcachedLineFraming _lines;
    private readonly MemcachedAnswers _answers;
    private readonly TextCommands _text;
    private readonly MetaCommands _meta;
    private readonly BinaryCommands _binary;
    private bool _isLoggedIn;
    private bool _isOver;

    public MemcachedSession(Connection connection, MemcachedServiceOptions options, MemcachedItems items, MemcachedStatistics statistics)
    {
        (_connection, _options, _items, _isLoggedIn) = (connection, options, items, options.LogIn is null);
        _lines = new MemcachedLineFraming(options.Limits.MaxLine);
        _answers = new MemcachedAnswers(connection);
        _text = new TextCommands(items, _answers, statistics);
        _meta = new MetaCommands(items, _answers);
        _binary = new BinaryCommands(items, _answers, statistics, options.Limits);
    }

    public async Task Serve()
    {
        try
        {
            while (!_isOver)
            {
                var line = await _connection.Read(_lines);
                await Answer(line);
                await _connection.Room();
            }
        }
        catch (EndOfStreamException)
        {
            // It has said all.
        }
        catch (ProtocolException error) when (error is not TruncatedFrameException)
        {
            _answers.Loud("CLIENT_ERROR line too long");
        }
    }

    private Task Answer(ReadOnlyMemory<byte> line)
    {
        if (!line.IsEmpty && line.Span[0] == MemcachedLineFraming.RequestMagic)
        {
            return AnswerBinary(line);
        }

        if (!_isLoggedIn)
        {
            return LogIn(line);
        }

        if (IsCommand(line.Span, "quit"u8))
        {
            _isOver = true;
            return Task.CompletedTask;
        }

        var pending = _meta.Run(line.Span, out var isKnown);
        if (!isKnown)
        {
            pending = _text.Run(line.Span, out isKnown);
        }

        if (!isKnown)
        {
            _answers.IsQuiet = false;
            _answers.Line(IsCommand(line.Span, "shutdown"u8) ? "ERROR: shutdown not enabled" : "ERROR");
        }

        return pending is null ? Task.CompletedTask : Store(pending);
    }

    private static bool IsCommand(ReadOnlySpan<byte> line, ReadOnlySpan<byte> command) => new MemcachedWords(line).Next().SequenceEqual(command);

    private async Task Store(PendingStore pending)
    {
        if (pending.Finish is null || pending.Size > _options.Limits.MaxValue)
        {
            await Skip(pending.Size + 2);
            if (pending.Finish is not null && pending.Key is { } key && _items.Find(key, isUse: false) is { } old)
            {
                // Who stored a new value must not find the old one.
                _items.Store.Remove(old);
            }

            _answers.Line(pending.Refusal ?? "SERVER_ERROR object too large for cache");
            return;
        }

        var value = await _connection.Read(Framing.Bytes((int)pending.Size + 2));
        if (value.Span[^2] != '\r' || value.Span[^1] != '\n')
        {
            _answers.Line("CLIENT_ERROR bad data chunk");
            return;
        }

        pending.Finish(value[..^2]);
    }

    // As memcached's -Y: a set of any key, whose value is the name and the password.
    private async Task LogIn(ReadOnlyMemory<byte> line)
    {
        const int MostSecret = 64 * 1024;
        if (IsCommand(line.Span, "set"u8) && _text.Run(line.Span, out _) is { Size: <= MostSecret } pending)
        {
            var value = (await _connection.Read(Framing.Bytes((int)pending.Size + 2)))[..^2].ToText().Split(' ', 2);
            _isLoggedIn = value.Length == 2 && _options.LogIn!(value[0], value[1]);
            _answers.IsQuiet = false;
            _answers.Line(_isLoggedIn ? "STORED" : "CLIENT_ERROR authentication failure");
            return;
        }

        _answers.IsQuiet = false;
        _answers.Line("CLIENT_ERROR unauthenticated");
    }

    private async Task AnswerBinary(ReadOnlyMemory<byte> header)
    {
        var request = new BinaryHeader(header.Span);
        if (_options.LogIn is not null || !request.IsSound)
        {
            _isOver = true;
            return;
        }

        if (request.BodyLength > _options.Limits.MaxValue + MemcachedKey.MostWritten + BinaryHeader.MostExtras)
        {
            await Skip(request.BodyLength);
            _binary.TooLarge(request);
            return;
        }

        var body = request.BodyLength == 0 ? default : await _connection.Read(Framing.Bytes((int)request.BodyLength));
        _isOver = _binary.Run(request, body.Span);
    }

    private async Task Skip(long count) => await _connection.Body(count).Select(static _ => 0).LastOrDefaultAsync().ToAwaitable("what is skipped");
}
