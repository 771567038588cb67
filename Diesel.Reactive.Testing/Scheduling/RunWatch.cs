using System.Collections.Concurrent;

namespace Diesel.Reactive.Testing;

/// <summary>What went wrong unseen in some runs of virtual time: in tasks that nobody awaits, and on other threads.</summary>
internal sealed class RunWatch
{
    // In milliseconds.
    private const int MostWaiting = 2000;
    private const int Grace = 2;

    private readonly ConcurrentDictionary<VirtualRun, Exception> _found = [];
    private readonly int _collected = GC.CollectionCount(0);
    private readonly object _gate = new();
    private int _outside;
    private int _fences;

    /// <summary>Whether anything was thrown, so that a task may have failed.</summary>
    public volatile bool HasErrors;

    /// <summary>Whether async code went on on the pool in a run that does not let it in.</summary>
    public volatile bool NeedsSettling;

    /// <summary>What was found, the first of each run.</summary>
    public IEnumerable<KeyValuePair<VirtualRun, Exception>> Found => _found;

    /// <summary>The first that was found of a run; null: nothing.</summary>
    public Exception? Of(VirtualRun run) => _found.GetValueOrDefault(run);

    public void Add(VirtualRun run, Exception error) => _found.TryAdd(run, error);

    /// <summary>How many more threads run something of these runs, or fewer. Threads of their own do not count: they may live as long as
    /// the process.</summary>
    public void Count(int more)
    {
        lock (_gate)
        {
            _outside += more;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Whether something of these runs runs elsewhere, or waits to.</summary>
    public bool IsBusy => Volatile.Read(ref _outside) > 0;

    /// <summary>Waits, not for long, until nothing of the runs is left on other threads, and finds the tasks that failed and that nobody
    /// awaits.</summary>
    public void Finish()
    {
        if (ThreadPool.PendingWorkItemCount > 0 || IsBusy)
        {
            WaitForOthers();
        }

        CollectErrors();
    }

    private void CollectErrors()
    {
        if (HasErrors)
        {
            // Tasks tell their errors when they are collected. What has survived a collection may be of any generation: the collector moves whole regions, and not by one step only.
            var generation = GC.CollectionCount(0) == _collected ? 0 : GC.MaxGeneration;
            GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
        }
    }

    // The pool begins what it is given in that order: what the runs gave it has begun when this has.
    private void WaitForOthers()
    {
        lock (_gate)
        {
            _fences++;
            ThreadPool.UnsafeQueueUserWorkItem(
                static watch =>
                {
                    lock (watch._gate)
                    {
                        watch._fences--;
                        Monitor.PulseAll(watch._gate);
                    }
                },
                this,
                preferLocal: false);
            var end = Environment.TickCount64 + MostWaiting;
            while ((_fences > 0 || _outside > 0) && end - Environment.TickCount64 is > 0 and var left)
            {
                Monitor.Wait(_gate, (int)left);
            }

            // What has ended there has still to become a task that failed.
            Monitor.Wait(_gate, Grace);
        }
    }
}
