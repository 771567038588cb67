using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>The signals that stop an application. The first drains it; after that the system's own way applies: the process ends.
/// SIGHUP is left to the program.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="tryStop">Whether this is the first to ask.</param>
    public StopSignals(Func<bool> tryStop) =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT }.Select(signal =>
            PosixSignalRegistration.Create(signal, context => context.Cancel = tryStop()))];

    public void Dispose() => Array.ForEach(_registrations, static registration => registration.Dispose());
}
