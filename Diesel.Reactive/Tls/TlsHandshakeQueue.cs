using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Where the expensive steps of servers' handshakes wait: a core at least is left to the hubs, however many peers come at once.</summary>
/// <remarks>Only for steps that do nothing but reckon: one that waits for a file or for an authority's server would keep the others waiting.
/// It has threads of its own while there are steps: those of the pool turn round and round for a while before they sleep, which costs more
/// than what they do here, and a program that blocks them all would hold up every handshake.</remarks>
/// <param name="most">Steps at a time.</param>
internal sealed class TlsHandshakeQueue(int most)
{
    // How long a thread waits for another step before it ends.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    // A monitor and no Lock: threads wait at it.
    private readonly object _gate = new();
    private readonly Queue<(Action<object?> Step, object? State)> _steps = new();
    private int _threads;
    private int _waiting;

    /// <summary>That of the process.</summary>
    public static TlsHandshakeQueue Shared { get; } = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>Runs a step on a thread of its own, in its turn.</summary>
    /// <param name="step">Throws nothing.</param>
    /// <param name="state">Handed to it.</param>
    public void Add(Action<object?> step, object? state)
    {
        lock (_gate)
        {
            _steps.Enqueue((step, state));
            if (_waiting >= _steps.Count)
            {
                Monitor.Pulse(_gate);
                return;
            }

            if (_threads == most)
            {
                return;
            }

            _threads++;
        }

        StartThread();
    }

    /// <summary>For whoever had something to wait for before: awaited, it goes on in its turn.</summary>
    public Place Turn() => new(this);

    // Where the system has no thread left, the steps wait for the next that has one; the handshake's time runs meanwhile.
    private void StartThread()
    {
        try
        {
            new Thread(TakeSteps) { IsBackground = true, Name = "Diesel.Reactive TLS" }.UnsafeStart();
        }
        catch (OutOfMemoryException)
        {
            lock (_gate)
            {
                _threads--;
            }

            throw;
        }
    }

    private void TakeSteps()
    {
        while (TryTake(out var next))
        {
            next.Step(next.State);
        }
    }

    private bool TryTake(out (Action<object?> Step, object? State) next)
    {
        lock (_gate)
        {
            while (!_steps.TryDequeue(out next))
            {
                _waiting++;
                var isCalled = Monitor.Wait(_gate, Idle);
                _waiting--;
                if (!isCalled && _steps.Count == 0)
                {
                    _threads--;
                    return false;
                }
            }

            return true;
        }
    }

    internal readonly struct Place(TlsHandshakeQueue queue) : INotifyCompletion
    {
        public bool IsCompleted => false;

        public Place GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => queue.Add(static go => ((Action)go!)(), continuation);
    }
}
