using System.Collections.Concurrent;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Spectre.Console;

namespace Diesel.Reactive.Dashboard.Drawing;

/// <summary>A dashboard that is shown.</summary>
/// <param name="hub">Of which hub.</param>
/// <param name="options">How.</param>
/// <param name="console">Where.</param>
internal sealed class DashboardRun(Hub hub, DashboardOptions options, IAnsiConsole console)
{
    // More than any terminal has lines; rates are of these.
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, DashboardProgress> _progress = [];
    private readonly bool _isTerminal = console.Profile.Capabilities is { Ansi: true, Interactive: true };
    private Task<HubSnapshot>? _asked;
    private DashboardNumbers? _numbers;
    private string? _lastError;
    private long _errors;
    private long _seen = TimeProvider.System.GetTimestamp();

    private TimeSpan Every => _isTerminal ? options.Every : options.EveryLine;

    /// <summary>Until it is stopped, or the hub ends.</summary>
    public void Show(CancellationToken stopping)
    {
        using var listening = new CompositeDisposable(
            hub.Errors.Subscribe(error =>
            {
                _lastError = error.ToString();
                Interlocked.Increment(ref _errors);
            }),
            (options.Progress ?? Observable.Empty<DashboardProgress>()).Subscribe(each => _progress[each.Name] = each, static _ => { }));
        if (!_isTerminal)
        {
            Repeat(view => console.Profile.Out.Writer.WriteLine(view.ToLine()), stopping);
            return;
        }

        console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Start(live =>
            Repeat(view => live.UpdateTarget(view.ToPicture(console.Profile.Width, console.Profile.Height)), stopping));
    }

    private void Repeat(Action<DashboardView> draw, CancellationToken stopping)
    {
        try
        {
            do
            {
                draw(Look());
            }
            while (!stopping.WaitHandle.WaitOne(Every));
        }
        catch (Exception ended) when (ended is ObjectDisposedException or IOException)
        {
            // The hub has ended, or who reads what is drawn has left.
        }
    }

    // A hub that takes no turn gives no snapshot: what was seen last stays, with how long that is ago. It is asked once for all that time.
    private DashboardView Look()
    {
        TimeSpan? heldUp = null;
        try
        {
            _numbers = DashboardNumbers.Of((_asked ??= hub.Snapshot(Most).AsTask()).WaitAsync(Every).GetAwaiter().GetResult(), _numbers);
            _asked = null;
            _seen = TimeProvider.System.GetTimestamp();
        }
        catch (TimeoutException)
        {
            heldUp = TimeProvider.System.GetElapsedTime(_seen);
        }

        return new(_numbers)
        {
            HeldUp = heldUp,
            Errors = Interlocked.Read(ref _errors),
            LastError = _lastError,
            Progress = [.. _progress.Values.OrderBy(static each => each.Name, StringComparer.Ordinal)],
        };
    }
}
