namespace Diesel.Reactive.Tests;

/// <summary>A resolver that answers what the test says.</summary>
internal sealed class ScriptedNames(IObservable<ResolvedAddress> answer) : INameResolver
{
    /// <summary>What it answers from now on.</summary>
    public IObservable<ResolvedAddress> Answer { get; set; } = answer;

    /// <summary>What it was asked.</summary>
    public List<string> Asked { get; } = [];

    public IObservable<ResolvedAddress> Resolve(string host)
    {
        Asked.Add(host);
        return Answer;
    }
}
