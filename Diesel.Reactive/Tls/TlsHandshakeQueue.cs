using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Where the expensive steps of servers' handshakes wait: a core at least is left to the hubs, however many peers come at once.</summary>
/// <remarks>Only for steps that do nothing but reckon: one that waits for a file or for an authority's server would keep the others waiting.</remarks>
/// <param name="most">Steps at a time.</param>
internal sealed class TlsHandshakeQueue(int most) : IThreadPoolWorkItem
{
    // How long a thread goes on before others that want the pool's have their turn.
    private static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<(Action<object?> Step, object? State)> _waiting = new();
    private int _running;

    /// <summary>That of the process.</summary>
    public static TlsHandshakeQueue Shared { get; } = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>Runs a step on a thread of the pool, in its turn.</summary>
    /// <param name="step">Throws nothing.</param>
    /// <param name="state">Handed to it.</param>
    public void Add(Action<object?> step, object? state)
    {
        lock (_gate)
        {
            _waiting.Enqueue((step, state));
            if (_running == most)
            {
                return;
            }

            _running++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>For whoever had something to wait for before: awaited, it goes on in its turn.</summary>
    public Place Turn() => new(this);

    void IThreadPoolWorkItem.Execute()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TryTake(out var next))
        {
            next.Step(next.State);
            if (TimeProvider.System.GetElapsedTime(began) > Stretch)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    private bool TryTake(out (Action<object?> Step, object? State) next)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out next))
            {
                return true;
            }

            _running--;
            return false;
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
