namespace Diesel.Reactive;

/// <summary>Writes errors on a thread of its own: who reports one never waits for the reader of the log. What there is no room or no
/// time for is left out, and counted.</summary>
internal sealed class ErrorLog : IDisposable
{
    private const int MostWaiting = 256;
    private const int MostPerPeriod = 50;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A program that ends does not wait longer for a log that nobody reads.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Func<TextWriter?> _writer;
    private readonly Func<TimeSpan> _clock;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _waiting = new();
    private readonly AutoResetEvent _changed = new(false);
    private TimeSpan _periodEnds;
    private int _inPeriod;
    private long _leftOut;
    private bool _closed;

    /// <param name="writer">Where to; null: nowhere, for now.</param>
    /// <param name="clock">Real time, whatever its beginning.</param>
    public ErrorLog(Func<TextWriter?> writer, Func<TimeSpan> clock)
    {
        (_writer, _clock) = (writer, clock);
        _thread = new Thread(Write) { IsBackground = true, Name = "Diesel.Reactive log" };
        _thread.Start();
    }

    /// <summary>Any thread; never waits.</summary>
    public void Add(HubError error) => Add(new Entry(error, 0));

    /// <inheritdoc cref="Add(HubError)"/>
    public void Add(string text) => Add(new Entry(null, 0, text));

    private void Add(Entry entry)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            BeginPeriodIfDue();
            if (_inPeriod < MostPerPeriod && _waiting.Count < MostWaiting)
            {
                _inPeriod++;
                _waiting.Enqueue(entry);
            }
            else if (++_leftOut > 1)
            {
                return;
            }
        }

        _changed.Set();
    }

    /// <summary>Writes what is left, for a moment.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _changed.Set();
        _thread.Join(Patience);
    }

    private void BeginPeriodIfDue()
    {
        var now = _clock();
        if (now >= _periodEnds)
        {
            (_periodEnds, _inPeriod) = (now + Period, 0);
            TellLeftOut();
        }
    }

    private void TellLeftOut()
    {
        if (_leftOut > 0 && _waiting.Count < MostWaiting)
        {
            _waiting.Enqueue(new Entry(null, _leftOut));
            _leftOut = 0;
        }
    }

    private void Write()
    {
        while (true)
        {
            var (entry, wait) = Next();
            if (entry is { } next)
            {
                Write(next);
            }
            else if (wait is { } time)
            {
                _changed.WaitOne(time);
            }
            else
            {
                return;
            }
        }
    }

    // What to write, or how long to wait for it; neither: it is over.
    private (Entry? Entry, TimeSpan? Wait) Next()
    {
        lock (_gate)
        {
            if (_closed)
            {
                TellLeftOut();
            }
            else
            {
                BeginPeriodIfDue();
            }

            return _waiting.TryDequeue(out var entry) ? (entry, null)
                : _closed ? (null, null)
                : (null, _leftOut > 0 ? Period : Timeout.InfiniteTimeSpan);
        }
    }

    private void Write(Entry entry)
    {
        try
        {
            _writer()?.WriteLine(entry);
        }
        catch (Exception)
        {
            // A log that cannot be written has nobody to tell; the next line may do better.
        }
    }

    private readonly record struct Entry(HubError? Error, long LeftOut, string? Text = null)
    {
        // The trace of an error of the program's own shows where it is; that of any other shows this library.
        public override string ToString() => Text ?? (Error is null ? $"{LeftOut} more errors were left out."
            : Error.Kind == HubErrorKind.Code ? $"{Error.Source}: {Error.Exception}"
            : Error.ToString());
    }
}
