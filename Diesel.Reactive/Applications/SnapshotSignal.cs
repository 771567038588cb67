using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>Writes a snapshot of a hub at each SIGUSR1, where there is one.</summary>
internal sealed class SnapshotSignal : IDisposable
{
    // A number that .NET has no name for is the system's own.
    private static readonly PosixSignal User1 = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);

    private readonly PosixSignalRegistration? _registration;

    /// <param name="hub">Which.</param>
    /// <param name="write">Where to; never waits.</param>
    public SnapshotSignal(Hub hub, Action<string> write) => _registration = OperatingSystem.IsWindows() ? null
        : PosixSignalRegistration.Create(User1, context =>
        {
            context.Cancel = true;
            hub.Snapshot().Subscribe(snapshot => write(snapshot.ToString()), error => write($"There is no snapshot: {error.Message}"));
        });

    public void Dispose() => _registration?.Dispose();
}
