using System.Reactive;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A client of a <see cref="MemcachedService"/>: what it asks, one after the other.</summary>
/// <remarks>What came together is answered together. Who takes no answers is asked for no more requests.</remarks>
internal sealed class MemcachedSession : IObserver<MemcachedRequests>
{
    private readonly Connection _connection;
    private readonly MemcachedServiceOptions _options;
    private readonly MemcachedRequestFraming _framing;
    private readonly MemcachedAnswers _answers;
    private readonly TextCommands _text;
    private readonly MetaCommands _meta;
    private readonly BinaryCommands _binary;
    private readonly AwaitableSource<Unit> _end = new("the end of a memcached client");
    private bool _isOver;

    public MemcachedSession(Connection connection, MemcachedServiceOptions options, MemcachedItems items, MemcachedStatistics statistics, byte[] room)
    {
        (_connection, _options) = (connection, options);
        _framing = new MemcachedRequestFraming(options.Limits) { IsLoggingIn = options.LogIn is not null };
        _answers = new MemcachedAnswers(connection, room);
        _text = new TextCommands(items, _answers, statistics);
        _meta = new MetaCommands(items, _answers);
        _binary = new BinaryCommands(items, _answers, statistics, options.Limits);
    }

    public async Task Serve()
    {
        using var reading = _connection.Decode(_framing).Subscribe(this);
        await _end;
    }

    public void OnNext(MemcachedRequests value)
    {
        try
        {
            var done = Answer(value, 0);
            if (done < value.Count && !_isOver)
            {
                AnswerLater(value, done);
            }
        }
        catch (Exception thrown)
        {
            // A store that is somebody else's, or who lets clients in.
            End(thrown);
        }
    }

    public void OnError(Exception error)
    {
        if (error is ProtocolException and not TruncatedFrameException)
        {
            _answers.Loud("CLIENT_ERROR line too long");
            _answers.Flush();
        }

        End(error is ProtocolException ? null : error);
    }

    public void OnCompleted() => End(null);

    // How many of them were answered: not all, if that is much.
    private int Answer(MemcachedRequests requests, int from)
    {
        try
        {
            if (_text.Gets.HasMore)
            {
                if (!_text.Gets.TryFinish())
                {
                    return from;
                }

                from++;
            }

            while (from < requests.Count && !_isOver && !_answers.IsMuch)
            {
                Answer(requests[from]);
                if (_text.Gets.HasMore)
                {
                    break;
                }

                from++;
            }

            return from;
        }
        finally
        {
            _answers.Flush();
        }
    }

    // No further requests come until these are answered.
    private void AnswerLater(MemcachedRequests requests, int from)
    {
        var hold = _connection.Pause();
        Hub.Current!.Fork(() => GoOn(requests, from, hold), $"the answers to {_connection}");
    }

    private async Task GoOn(MemcachedRequests requests, int from, IDisposable hold)
    {
        using var held = hold;
        try
        {
            while (from < requests.Count && !_isOver)
            {
                await _connection.Room();
                from = Answer(requests, from);
            }
        }
        catch (Exception thrown)
        {
            End(_connection.Closed.IsCancellationRequested ? null : thrown);
        }
    }

    private void Answer(in MemcachedRequest request)
    {
        if (_framing.IsLoggingIn)
        {
            LogIn(request);
            return;
        }

        switch (request.Kind)
        {
            case MemcachedRequestKind.Binary when _options.LogIn is null:
                _isOver = _binary.Run(new BinaryHeader(request.Head.Span), request.Body.Span);
                break;
            case MemcachedRequestKind.BinaryTooLarge when _options.LogIn is null:
                _binary.RefuseTooLarge(request.Head.Span);
                break;
            case MemcachedRequestKind.Binary or MemcachedRequestKind.BinaryTooLarge or MemcachedRequestKind.Unsound:
                _isOver = true;
                break;
            default:
                AnswerText(request);
                break;
        }

        if (_isOver)
        {
            _answers.Flush();
            End(null);
        }
    }

    private void AnswerText(in MemcachedRequest request)
    {
        var line = request.Head.Span;
        if (MetaCommands.IsOne(line))
        {
            _meta.Run(request.Head, request.Body, request.Kind == MemcachedRequestKind.TooLarge);
        }
        else if (request.Kind == MemcachedRequestKind.Store)
        {
            _text.Store(line, request.Body.Span);
        }
        else if (request.Kind == MemcachedRequestKind.TooLarge)
        {
            _text.RefuseTooLarge(line);
        }
        else if (IsCommand(line, "quit"u8))
        {
            _isOver = true;
        }
        else if (!_text.TryRun(request.Head))
        {
            _answers.Loud(IsCommand(line, "shutdown"u8) ? "ERROR: shutdown not enabled" : "ERROR");
        }
    }

    private static bool IsCommand(ReadOnlySpan<byte> line, ReadOnlySpan<byte> command) => line.Length >= command.Length && new MemcachedWords(line).Next().SequenceEqual(command);

    // As memcached's -Y: a set of any key, whose value is the name and the password. The binary protocol gets no answer at all.
    private void LogIn(in MemcachedRequest request)
    {
        if (IsCommand(request.Head.Span, "quit"u8))
        {
            End(null);
        }
        else if (request.Kind is MemcachedRequestKind.Line or MemcachedRequestKind.TooLarge)
        {
            _answers.Loud("CLIENT_ERROR unauthenticated");
        }
        else if (request.Kind == MemcachedRequestKind.Store)
        {
            var value = request.Body[..^2].ToText().Split(' ', 2);
            _framing.IsLoggingIn = !(value.Length == 2 && _options.LogIn!(value[0], value[1]));
            _answers.Loud(value.Length < 2 ? "CLIENT_ERROR bad authentication token format" : _framing.IsLoggingIn ? "CLIENT_ERROR authentication failure" : "STORED");
        }
        else
        {
            End(null);
        }
    }

    private void End(Exception? error)
    {
        _isOver = true;
        _ = error is null ? _end.TrySetResult(Unit.Default) : _end.TrySetException(error);
    }
}
