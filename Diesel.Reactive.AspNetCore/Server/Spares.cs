namespace Diesel.Reactive.AspNetCore;

/// <summary>Objects that are to be used again: one, as a rule, so that there is a place for it, and more where more were under way at a time.</summary>
internal struct Spares<T>
    where T : class
{
    private const int MostOthers = 15;

    private T? _one;
    private Stack<T>? _others;

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? spare)
    {
        spare = _one;
        if (spare is not null)
        {
            _one = null;
            return true;
        }

        return _others is not null && _others.TryPop(out spare);
    }

    public void Keep(T spare)
    {
        if (_one is null)
        {
            _one = spare;
        }
        else if ((_others ??= new()).Count < MostOthers)
        {
            _others.Push(spare);
        }
    }
}
