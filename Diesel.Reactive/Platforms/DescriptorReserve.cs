namespace Diesel.Reactive;

/// <summary>Descriptors a listener keeps for the moment when the process has no other: one to accept with who is to be refused, instead of being
/// left waiting for ever, and some for whoever needs one to go on.</summary>
/// <param name="open">Opens the cheapest thing that has a descriptor; null: there is none.</param>
/// <param name="hasTwo">Whether two could be opened now.</param>
internal sealed class DescriptorReserve(Func<IDisposable?> open, Func<bool> hasTwo) : IDisposable
{
    // The runtime opens a pipe for a thread it starts, and ends the process when it cannot: two descriptors for each of two threads, and one
    // to refuse with.
    private const int Whole = 5;

    private readonly Stack<IDisposable> _held = new();

    /// <summary>Takes what is missing. False: there are not enough for that, so none to accept with either.</summary>
    public bool TryFill()
    {
        while (_held.Count < Whole)
        {
            if (open() is not { } one)
            {
                Release();
                return false;
            }

            _held.Push(one);
        }

        return TryGoOn();
    }

    /// <summary>Whether there are more than these. If not, the process is out of descriptors before anybody was refused one, and all but one go
    /// back to it.</summary>
    public bool TryGoOn()
    {
        if (hasTwo())
        {
            return true;
        }

        Release();
        return false;
    }

    /// <summary>The process has run out: all but one go back to it.</summary>
    public void Release()
    {
        while (_held.Count > 1)
        {
            _held.Pop().Dispose();
        }
    }

    /// <summary>Does something with the last one.</summary>
    public void Lend(Action work)
    {
        Dispose();
        try
        {
            work();
        }
        finally
        {
            if (open() is { } one)
            {
                _held.Push(one);
            }
        }
    }

    public void Dispose()
    {
        while (_held.TryPop(out var one))
        {
            one.Dispose();
        }
    }
}
