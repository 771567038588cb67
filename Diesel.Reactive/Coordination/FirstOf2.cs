namespace Diesel.Reactive;

/// <summary>Which of two won a race, and its value.</summary>
/// <typeparam name="T1">What the first gives.</typeparam>
/// <typeparam name="T2">What the second gives.</typeparam>
public readonly record struct FirstOf<T1, T2>
{
    private readonly T1 _first;
    private readonly T2 _second;

    internal FirstOf(int index, T1 first, T2 second) => (Index, _first, _second) = (index, first, second);

    /// <summary>The winner: 0 for the first argument, 1 for the second.</summary>
    public int Index { get; }

    /// <summary>Whether the first won.</summary>
    public bool IsFirst => Index == 0;

    /// <summary>Whether the second won.</summary>
    public bool IsSecond => Index == 1;

    /// <summary>The first's value.</summary>
    /// <exception cref="InvalidOperationException">The second won.</exception>
    public T1 First => IsFirst ? _first : throw Winner.IsAnother(Index, 0);

    /// <summary>The second's value.</summary>
    /// <exception cref="InvalidOperationException">The first won.</exception>
    public T2 Second => IsSecond ? _second : throw Winner.IsAnother(Index, 1);

    /// <summary>Makes one thing of whichever won.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <param name="first">Called when the first won.</param>
    /// <param name="second">Called when the second won.</param>
    /// <returns>What the called function returned.</returns>
    public TResult Match<TResult>(Func<T1, TResult> first, Func<T2, TResult> second) => Index switch
    {
        0 => first(_first),
        _ => second(_second),
    };

    /// <summary>The first's value, if it won.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it won.</returns>
    public bool TryFirst(out T1 value)
    {
        value = _first;
        return IsFirst;
    }

    /// <summary>The second's value, if it won.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it won.</returns>
    public bool TrySecond(out T2 value)
    {
        value = _second;
        return IsSecond;
    }

    /// <summary>Takes it apart: <c>var (winner, line, _) = await First.Of(…)</c>.</summary>
    /// <param name="index">The winner, as <see cref="Index"/>.</param>
    /// <param name="first">The first's value; its type's default when it did not win.</param>
    /// <param name="second">The second's value; its type's default when it did not win.</param>
    public void Deconstruct(out int index, out T1? first, out T2? second) => (index, first, second) = (Index, _first, _second);

    /// <summary>Who won, and the value.</summary>
    public override string ToString() => Match(static value => Winner.Text(0, value), static value => Winner.Text(1, value));
}
