namespace Diesel.Reactive;

/// <summary>What is read for calls in line that nobody waits for.</summary>
/// <param name="most">Bytes of one run: abandoned calls at the head, one after the other.</param>
internal sealed class DrainAccount(long most)
{
    private long _run;

    /// <summary>Abandoned calls in line.</summary>
    public int Calls { get; set; }

    /// <summary>Bytes so far, in all runs.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>A whole reply.</summary>
    public void Add(int bytes)
    {
        TotalBytes += bytes;
        _run += bytes;
    }

    /// <summary>Whether it is too much, with those of a reply that has only begun.</summary>
    public bool IsOver(int begunBytes) => _run + begunBytes > most;

    /// <summary>Somebody waits at the head again, or nobody stands there.</summary>
    /// <returns>Whether there was a run.</returns>
    public bool EndRun()
    {
        var was = _run > 0;
        _run = 0;
        return was;
    }
}
