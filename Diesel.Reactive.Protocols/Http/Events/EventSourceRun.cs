using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>One subscription of an <see cref="EventSource"/>: stream after stream.</summary>
internal sealed class EventSourceRun(EventSource source, IObserver<ServerSentEvent> observer, Hub hub) : IDisposable
{
    private readonly EventSourceOptions _options = source.Options;
    private string? _lastId = source.Options.LastEventId;
    private TimeSpan _retry = source.Options.Retry;
    private int _failures;
    private Connection? _connection;
    private Loop? _loop;
    private bool _isOver;

    public EventSourceRun Begin()
    {
        _loop = hub.Fork(Run, $"{source}");
        return this;
    }

    public void Dispose() => hub.Within(() =>
    {
        _isOver = true;
        _loop?.Dispose();
        _connection?.Dispose();
    });

    private async Task Run()
    {
        try
        {
            while (await Stream())
            {
                await hub.Sleep(Pause());
            }

            End(static observer => observer.OnCompleted());
        }
        catch (ProtocolException error)
        {
            End(observer => observer.OnError(error));
        }
    }

    // Each failure in a row is waited for twice as long as the one before.
    private TimeSpan Pause()
    {
        var pause = _retry * Math.Pow(2, Math.Min(Math.Max(_failures - 1, 0), 16));
        return pause < _options.MaxRetry ? pause : _options.MaxRetry;
    }

    /// <returns>Whether to come back.</returns>
    private async Task<bool> Stream()
    {
        try
        {
            if (await EventStreamRequest.Ask(source.Uri, _options, _lastId, hub) is not { } answer)
            {
                return false;
            }

            _connection = answer.Connection;
            _failures = 0;
            await Read(answer.Connection, answer.Reader);
            source.Tell(hub, new EndOfStreamException($"{source} have ended."));
        }
        catch (Exception error) when (error is TruncatedFrameException or (not ProtocolException and (IOException or TimeoutException)))
        {
            _failures++;
            source.Tell(hub, error);
        }
        finally
        {
            _connection?.Dispose();
            _connection = null;
        }

        return !_isOver;
    }

    private async Task Read(Connection connection, HttpResponseReader reader)
    {
        if (!reader.IsInBody)
        {
            return;
        }

        var body = connection.Decode(new Rest(reader));
        var pieces = Observable.Create<ReadOnlyMemory<byte>>(pieces =>
        {
            var quiet = new Deadline(hub, static late => ((Action)late!)(), (Action)(() => pieces.OnError(new TimeoutException($"{source} were silent for {_options.IdleTimeout}."))));
            quiet.Reset(_options.IdleTimeout);
            var reading = body.Subscribe(
                part =>
                {
                    quiet.Reset(_options.IdleTimeout);
                    if (part.Kind == HttpPartKind.Data)
                    {
                        pieces.OnNext(part.Bytes);
                    }

                    if (part.IsLast)
                    {
                        pieces.OnCompleted();
                    }
                },
                pieces.OnError,
                pieces.OnCompleted);
            return () =>
            {
                quiet.Cancel();
                reading.Dispose();
            };
        });
        await pieces.Decode(new EventStreamFraming(_options.MaxEvent)).Do(Give).IgnoreElements().DefaultIfEmpty().ToAwaitable($"{source}");
    }

    private void Give(ServerSentEvent one)
    {
        (_lastId, _retry) = (one.Id ?? _lastId, one.Retry ?? _retry);
        if (_isOver)
        {
            return;
        }

        try
        {
            observer.OnNext(one);
        }
        catch (Exception error)
        {
            // It is no loss of the stream, whatever it is: who throws wants no more.
            hub.Report(error, $"an observer of {source}");
            Dispose();
        }
    }

    private void End(Action<IObserver<ServerSentEvent>> tell)
    {
        if (!_isOver)
        {
            _isOver = true;
            tell(observer);
        }
    }

    private sealed class Rest(HttpResponseReader reader) : Framing<HttpPart>
    {
        public override Decoder<HttpPart> CreateDecoder() => reader;
    }
}
