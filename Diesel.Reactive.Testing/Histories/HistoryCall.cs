namespace Diesel.Reactive.Testing;

/// <summary>A call that a client has made, until it is told what came of it. One that is told nothing may have happened, or may happen yet.</summary>
/// <typeparam name="TReturn">What comes of it.</typeparam>
public sealed class HistoryCall<TReturn>
{
    private readonly Action<TReturn> _returns;
    private readonly Action<string, bool> _fails;
    private bool _isOver;

    internal HistoryCall(Action<TReturn> returns, Action<string, bool> fails) => (_returns, _fails) = (returns, fails);

    /// <summary>The client was told something.</summary>
    /// <param name="value">What.</param>
    /// <exception cref="InvalidOperationException">It was told before.</exception>
    public void Returns(TReturn value)
    {
        End();
        _returns(value);
    }

    /// <summary>The client does not know: the connection was lost, the time was over. The call may have had its effect, or have it later.</summary>
    /// <param name="how">In a word or two, for a picture.</param>
    /// <exception cref="InvalidOperationException">It was told before.</exception>
    public void IsLost(string how = "?")
    {
        End();
        _fails(how, false);
    }

    /// <summary>The client knows that the call had no effect and will have none: it was refused, or never sent.</summary>
    /// <param name="how">In a word or two, for a picture.</param>
    /// <exception cref="InvalidOperationException">It was told before.</exception>
    public void IsRefused(string how = "refused")
    {
        End();
        _fails(how, true);
    }

    private void End() => _isOver = _isOver ? throw new InvalidOperationException("What came of this call was told before.") : true;
}
