using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Diesel.Reactive.Testing;

/// <summary>What was thrown in the tests that run, for frameworks that tell who comes after a test how it failed, but not by which exception: those that have pictures
/// are noted when they are thrown.</summary>
internal sealed class ThrownFailures
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Exception>> _running = new();
    private readonly Func<string?> _current;

    /// <param name="current">The test that runs on this thread; null: none.</param>
    public ThrownFailures(Func<string?> current)
    {
        _current = current;
        AppDomain.CurrentDomain.FirstChanceException += Thrown;
    }

    public void Begin(string test) => _running.TryAdd(test, new());

    /// <summary>The test is over.</summary>
    /// <param name="test">Which.</param>
    /// <param name="isTold">Whether the test failed with this message: an exception that it has caught itself is none of its failure.</param>
    /// <returns>What it failed by; null: by nothing that was noted.</returns>
    public Exception? End(string test, Func<string, bool> isTold) =>
        _running.TryRemove(test, out var thrown) ? thrown.LastOrDefault(failure => isTold(failure.Message)) : null;

    // No exception may leave this: the runtime ends the process for it.
    private void Thrown(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is MarblesDifferException or MarbleCaseFailedException or SimulationFailedException
            && !_running.IsEmpty && _current() is { } test && _running.TryGetValue(test, out var failures) && !failures.Contains(thrown.Exception))
        {
            failures.Enqueue(thrown.Exception);
        }
    }
}
