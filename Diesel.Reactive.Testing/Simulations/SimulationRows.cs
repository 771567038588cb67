namespace Diesel.Reactive.Testing;

/// <summary>What a scenario has recorded.</summary>
internal sealed class SimulationRows(Simulation run)
{
    private readonly List<ISimulationRow> _records = [];

    /// <summary>The errors that were recorded, which a row draws as no more than <c>#</c>.</summary>
    public IEnumerable<(string Label, Exception Error)> Errors =>
        _records.Where(static record => record.Error is not null).Select(static record => (record.Row.Label, record.Error!));

    /// <summary>What crossed the network, and what was recorded.</summary>
    public IReadOnlyList<MarbleRow> All => [.. run.Network.Trace.Rows(), .. _records.Select(static record => record.Row)];

    public IEnumerable<Action> Leave => _records.Select(static record => (Action)record.Leave);

    public SimulationRecord<T> Record<T>(string label, IObservable<T> source)
    {
        var record = new SimulationRecord<T>(label, run.Scheduler);
        _records.Add(record);
        record.Subscription = source.Subscribe(record);
        return record;
    }

    /// <summary>All that a run did, line by line: two runs of one seed have the same.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var entry in run.Network.Trace.Entries)
        {
            yield return $"{entry}";
        }

        foreach (var fault in run.Faults)
        {
            yield return $"{fault}";
        }

        foreach (var row in _records.Select(static record => record.Row))
        {
            yield return MarbleTable.Draw(row);
        }

        yield return $"ended at {HumanTime.Of(run.Elapsed)}";
    }
}
