namespace Diesel.Reactive.Testing;

/// <summary>The states a run has come to, and the ways it went from one to another.</summary>
internal sealed class SimulationVisits
{
    private readonly HashSet<string> _states = [];
    private readonly HashSet<string> _edges = [];
    private string? _last;

    public IReadOnlyCollection<string> States => _states;

    public IReadOnlyCollection<string> Edges => _edges;

    public void Reach(string state)
    {
        _states.Add(state);
        if (_last is not null && _last != state)
        {
            _edges.Add($"{_last} → {state}");
        }

        _last = state;
    }
}
