namespace Diesel.Reactive;

/// <summary>Which of three won a race, and its value.</summary>
/// <typeparam name="T1">What the first gives.</typeparam>
/// <typeparam name="T2">What the second gives.</typeparam>
/// <typeparam name="T3">What the third gives.</typeparam>
public readonly record struct First<T1, T2, T3>
{
    private readonly T1 _first;
    private readonly T2 _second;
    private readonly T3 _third;

    internal First(int index, T1 first, T2 second, T3 third) =>
        (Index, _first, _second, _third) = (index, first, second, third);

    /// <summary>The winner: 0 for the first argument, 1 for the second, 2 for the third.</summary>
    public int Index { get; }

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
        return Index == 0;
    }

    /// <summary>The second's value, if it won.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it won.</returns>
    public bool TrySecond(out T2 value)
    {
        value = _second;
        return Index == 1;
    }

    /// <summary>The third's value, if it won.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it won.</returns>
    public bool TryThird(out T3 value)
    {
        value = _third;
        return Index == 2;
    }
}
