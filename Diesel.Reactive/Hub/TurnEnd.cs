namespace Diesel.Reactive;

/// <summary>Has output that is handed over once, at the end of the turn that produced it.</summary>
internal interface IFlushable
{
    void Flush();
}

/// <summary>What happens at the end of a turn: first what was asked for, as it may produce output, then all output is handed over.</summary>
/// <remarks>One pass over each: what is asked for in the course of it waits for the end of the next turn, so that nobody can keep a
/// turn from ending.</remarks>
internal sealed class TurnEnd(Hub hub)
{
    public static readonly Action<object?> FlushOne = static output => ((IFlushable)output!).Flush();

    private Pass _asked;
    private Pass _outputs;

    public void Add(Action<object?> callback, object? state) => _asked.Add(new WorkItem(callback, state, hub.Context));

    public void Add(IFlushable output) => _outputs.Add(new WorkItem(FlushOne, output, hub.Context));

    /// <summary>The turn ends.</summary>
    /// <returns>Whether another turn is needed: more was asked for meanwhile.</returns>
    public bool Run(Turns turns)
    {
        _asked.Run(turns);
        _outputs.Run(turns);
        return _asked.HasMore || _outputs.HasMore;
    }

    // Two lists that change places: what comes while the one is gone through is added to the other.
    private struct Pass
    {
        private List<WorkItem>? _coming;
        private List<WorkItem>? _running;

        public readonly bool HasMore => _coming is { Count: > 0 };

        public void Add(WorkItem item) => (_coming ??= []).Add(item);

        public void Run(Turns turns)
        {
            if (!HasMore)
            {
                return;
            }

            (_coming, _running) = (_running, _coming);
            foreach (var item in _running!)
            {
                turns.Execute(item);
            }

            _running.Clear();
        }
    }
}
