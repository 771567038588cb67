using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Writes a snapshot of a hub at each SIGUSR1, where there is one.</summary>
internal static class SnapshotSignal
{
    /// <param name="hub">Which.</param>
    /// <param name="write">Where to; never waits.</param>
    /// <returns>Writes no more.</returns>
    public static IDisposable Begin(Hub hub, Action<string> write) => OperatingSystem.IsWindows() ? Disposable.Empty
        : OsSignals.On(OsSignals.User1, hub).Subscribe(
            _ => hub.Snapshot().Subscribe(snapshot => write(snapshot.ToString()), error => write($"There is no snapshot: {error.Message}")),
            static _ => { });
}
