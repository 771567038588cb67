namespace Diesel.Reactive;

/// <summary>How long a thread may look for something to do before it sleeps: as long as that has lately paid.</summary>
/// <remarks>It learns from the length of idle times, from when there was nothing to do until something came, so that it needs no
/// trials: a thread that sleeps learns from its sleeps that looking would have paid. One that came too late takes more away than one in
/// time gives, since a thread that looks in vain costs the others more than a wake-up costs this one.</remarks>
internal struct SpinBudget(TimeSpan most)
{
    private const int MostCredit = 8;
    private const int Enough = 4;
    private const int Loss = 2;
    private const int Margin = 4;

    // Below this a look is hardly more than a look.
    private static readonly TimeSpan Least = TimeSpan.FromMicroseconds(10);

    private int _credit;
    private TimeSpan _usual;

    /// <summary>For how long to look now; zero: sleep at once.</summary>
    public readonly TimeSpan Next => _credit < Enough ? TimeSpan.Zero : Min(most, Max(Margin * _usual, Least));

    /// <summary>Something came.</summary>
    /// <param name="idle">How long there was nothing to do.</param>
    /// <param name="looked">For how much of it the thread looked; the rest it slept.</param>
    public void Came(TimeSpan idle, TimeSpan looked)
    {
        // A sleep is longer than what it waited for by the time it takes to wake.
        if (looked >= most && idle > looked || idle > most * 1.5)
        {
            Vain();
            return;
        }

        _credit = Math.Min(_credit + 1, MostCredit);
        _usual += (idle - _usual) / Margin;
    }

    /// <summary>Nothing came: a timer was due.</summary>
    public void Vain() => _credit = Math.Max(_credit - Loss, 0);

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
