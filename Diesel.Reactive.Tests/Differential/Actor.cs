namespace Diesel.Reactive.Tests;

/// <summary>One end of a connection: does the steps of a program, and keeps a tale of what it was told.</summary>
internal abstract class Actor
{
    private readonly List<Step> _armed = [];

    /// <summary>What it was told, and how it stands.</summary>
    public abstract string Story { get; }

    protected Tale Tale { get; } = new();

    /// <summary>Does a step now, or when it is told what the step waits for.</summary>
    public void Play(Step step)
    {
        if (step.On is null)
        {
            Try(step);
        }
        else
        {
            _armed.Add(step);
        }
    }

    /// <summary>Leaves at once, whatever was going on.</summary>
    public abstract void Leave();

    protected abstract void Do(string verb, int amount);

    /// <summary>Does what waits for this kind of notification, each once.</summary>
    protected void React(string trigger)
    {
        foreach (var step in _armed.Where(step => step.On == trigger).ToArray())
        {
            _armed.Remove(step);
            Try(step);
        }
    }

    private void Try(Step step)
    {
        try
        {
            Do(step.Verb, step.Amount);
        }
        catch (Exception error)
        {
            Tale.Add($"{step.Verb} threw {error.GetType().Name}");
        }
    }
}
