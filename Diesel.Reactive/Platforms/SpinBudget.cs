namespace Diesel.Reactive;

/// <summary>How long a thread may look for something to do before it sleeps: as long as that has lately paid.</summary>
/// <remarks>An account in time. What is found by looking saves a wake-up; what is looked in vain costs the others twice what it took, and
/// that is long where the thread gave the core to others and they kept it: then it stays away from looking for as long. It learns from
/// its sleeps, too: a short one says that looking would have paid. One that is not so short may have been that long because both sides slept, where it takes
/// long to wake: of these, so many are worth a trial that trials cost a hundredth of the time.</remarks>
internal struct SpinBudget(TimeSpan most)
{
    private const int Price = 2;
    private const int Margin = 4;
    private const int Doubt = 4;

    // A thread needs about so long to fall asleep and to wake.
    private static readonly TimeSpan Gain = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan Enough = 4 * Gain;
    private static readonly TimeSpan MostCredit = 20 * Gain;
    private static readonly TimeSpan MostDebt = TimeSpan.FromMilliseconds(-100);

    // Below this a look is hardly more than a look.
    private static readonly TimeSpan Least = TimeSpan.FromMicroseconds(10);

    private TimeSpan _credit;
    private TimeSpan _usual;

    /// <summary>Whether looking can pay at all: with one core nothing comes while the thread looks.</summary>
    public static bool CanPay(TimeSpan most, int cores) => most > TimeSpan.Zero && cores > 1;

    /// <summary>For how long to look now; zero: sleep at once.</summary>
    public readonly TimeSpan Next => _credit < Enough ? TimeSpan.Zero : Min(most, Max(Margin * _usual, Least));

    /// <summary>Something came.</summary>
    /// <param name="idle">How long there was nothing to do.</param>
    /// <param name="looked">For how much of it the thread looked; the rest it slept.</param>
    public void Came(TimeSpan idle, TimeSpan looked)
    {
        // A sleep is longer than what it waited for, by the time it takes to wake.
        if ((looked == idle || looked == TimeSpan.Zero) && idle / 1.5 <= most)
        {
            _credit = Min(_credit + Gain, MostCredit);
            _usual += (idle - _usual) / Margin;
        }
        else if (looked == TimeSpan.Zero && idle / Doubt <= most)
        {
            _credit = Min(_credit + (Gain / Doubt), Enough);
            _usual = Max(_usual, most / Margin);
        }
        else
        {
            Missed(looked);
        }
    }

    /// <summary>Nothing came that looking would have found sooner: a timer was due, or it took too long.</summary>
    /// <param name="looked">For how long the thread looked.</param>
    public void Missed(TimeSpan looked) => _credit = looked > TimeSpan.Zero
        ? Max(_credit - (Price * looked), MostDebt)
        : Min(_credit, Max(_credit - (Price * Gain), TimeSpan.Zero));

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
