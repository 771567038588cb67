using System.Collections;
using System.Runtime.CompilerServices;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What the cases of a file do with their row <c>in</c>: each runs the lambda whose code is its line <c>&gt;</c>, so the
/// picture shows the code that was run.</summary>
internal sealed class MarbleOperators : IEnumerable<string>
{
    private readonly Dictionary<string, Action<MarbleCase>> _operators = [];

    /// <summary>Adds one.</summary>
    /// <param name="apply">Written <c>source => source.Operator(...)</c>.</param>
    /// <param name="code">Filled in by the compiler.</param>
    public void Add<T>(Func<IObservable<ReadOnlyMemory<byte>>, IObservable<T>> apply, [CallerArgumentExpression(nameof(apply))] string code = "") =>
        _operators.Add(code[(code.IndexOf('.', StringComparison.Ordinal) + 1)..], marble => marble.Run(m => apply(m.Bytes("in"))));

    public void Run(MarbleCase marble)
    {
        var code = marble.Operators.Single().Text;
        Assert.That(_operators.Keys, Does.Contain(code), "The case's line > is none of the operators of its test: write the same in both.");
        _operators[code](marble);
    }

    public IEnumerator<string> GetEnumerator() => _operators.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
