namespace Diesel.Reactive;

/// <summary>One frame to read within a time.</summary>
/// <remarks>One <see cref="Deadline"/> serves all reads of a connection, whatever they read and how long they may take: it is not
/// cancelled when a frame has come, but moved when the next read waits. So a read costs no timer.</remarks>
internal sealed class TimedReading<T>(Reading<T> reading, TimeSpan limit) : Awaitable<T>
{
    private TimeSpan _began;

    public TimeSpan Limit => limit;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new TimedFrame(this, reading, observer).Attach();
    }

    public override string ToString() => $"{reading} within {limit}";

    internal override Hub Home => reading.Home;

    protected internal override bool TryTake(out T value) => reading.TryTake(out value);

    private void Begin()
    {
        _began = Home.Elapsed;
        reading.Input.Connection.Life.ReadingTime.Reset(limit);
    }

    private TimeoutException Late(long missing) => new(
        $"{reading.Input} gave no whole frame of {reading.Framing} within {limit}: {Home.Elapsed - _began} passed, " +
        $"{reading.Input.Buffered} bytes of it had come{(missing > 0 ? $", {missing} were missing" : "")}.");

    private sealed class TimedFrame(TimedReading<T> timed, Reading<T> reading, IObserver<T> observer)
        : Reading<T>.OneFrame(reading, observer), ITimedReader
    {
        public override void Waits() => timed.Begin();

        public TimeoutException Late() => timed.Late(Missing);
    }
}

/// <summary>A reader with a time limit.</summary>
internal interface ITimedReader : IReader
{
    /// <summary>Why it is given up, now that the time is over.</summary>
    TimeoutException Late();
}
