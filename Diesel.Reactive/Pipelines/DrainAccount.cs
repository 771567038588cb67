namespace Diesel.Reactive;

/// <summary>What is read for calls that nobody waits for.</summary>
/// <param name="most">Bytes of one run: replies to abandoned calls, one after the other.</param>
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

    /// <summary>Somebody who waited was answered, or no reply is owed any more.</summary>
    public void EndRun() => _run = 0;
}
