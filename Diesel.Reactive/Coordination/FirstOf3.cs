namespace Diesel.Reactive;

/// <summary>Which of three won a race, and its value.</summary>
/// <typeparam name="T1">What the first gives.</typeparam>
/// <typeparam name="T2">What the second gives.</typeparam>
/// <typeparam name="T3">What the third gives.</typeparam>
public readonly record struct FirstOf<T1, T2, T3>
{
    private readonly T1 _first;
    private readonly T2 _second;
    private readonly T3 _third;

    internal FirstOf(int index, T1 first, T2 second, T3 third) =>
        (Index, _first, _second, _third) = (index, first, second, third);

    /// <summary>The winner: 0 for the first argument, 1 for the second, 2 for the third.</summary>
    public int Index { get; }

    /// <summary>Whether the first won.</summary>
    public bool IsFirst => Index == 0;

    /// <summary>Whether the second won.</summary>
    public bool IsSecond => Index == 1;

    /// <summary>Whether the third won.</summary>
    public bool IsThird => Index == 2;

    /// <summary>The first's value.</summary>
    /// <exception cref="InvalidOperationException">Another one won.</exception>
    public T1 First => IsFirst ? _first : throw Winner.IsAnother(Index, 0);

    /// <summary>The second's value.</summary>
    /// <exception cref="InvalidOperationException">Another one won.</exception>
    public T2 Second => IsSecond ? _second : throw Winner.IsAnother(Index, 1);

    /// <summary>The third's value.</summary>
    /// <exception cref="InvalidOperationException">Another one won.</exception>
    public T3 Third => IsThird ? _third : throw Winner.IsAnother(Index, 2);

    /// <summary>Makes one thing of whichever won.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <param name="first">Called when the first won.</param>
    /// <param name="second">Called when the second won.</param>
    /// <param name="third">Called when the third won.</param>
    /// <returns>What the called function returned.</returns>
    public TResult Match<TResult>(Func<T1, TResult> first, Func<T2, TResult> second, Func<T3, TResult> third) => Index switch
    {
        0 => first(_first),
        1 => second(_second),
        _ => third(_third),
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

    /// <summary>The third's value, if it won.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it won.</returns>
    public bool TryThird(out T3 value)
    {
        value = _third;
        return IsThird;
    }

    /// <summary>Takes it apart: <c>var (winner, line, job, _) = await First.Of(…)</c>.</summary>
    /// <param name="index">The winner, as <see cref="Index"/>.</param>
    /// <param name="first">The first's value; its type's default when it did not win.</param>
    /// <param name="second">The second's value; its type's default when it did not win.</param>
    /// <param name="third">The third's value; its type's default when it did not win.</param>
    public void Deconstruct(out int index, out T1? first, out T2? second, out T3? third) =>
        (index, first, second, third) = (Index, _first, _second, _third);

    /// <summary>Who won, and the value.</summary>
    public override string ToString() => Match(
        static value => Winner.Text(0, value), static value => Winner.Text(1, value), static value => Winner.Text(2, value));
}
