using System.Reactive.Concurrency;

namespace Diesel.Reactive;

/// <summary>Looks now and then at a connection of which nothing is told: bytes are there that nobody reads, or its peer has ended. A
/// FIN or a reset behind them shows in its state alone, and on Linux only.</summary>
/// <param name="hub">Where it looks.</param>
/// <param name="look">What to look at; false: no more.</param>
internal sealed class EndWatch(IHub hub, Func<bool> look) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.5);

    private IDisposable? _timer;

    /// <summary>Looks on until there is no reason to.</summary>
    public void Begin()
    {
        if (OperatingSystem.IsLinux())
        {
            _timer ??= hub.Schedule(Period, Look);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        _timer = null;
        if (look())
        {
            Begin();
        }
    }
}
