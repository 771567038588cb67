namespace Diesel.Reactive;

/// <summary>One frame to read within a time.</summary>
/// <remarks>One timer serves all of its reads: it is not cancelled when a frame has come, and when it is due while another read waits it
/// is set again for what that has left. So a read costs no timer.</remarks>
internal sealed class TimedReading<T>(Reading<T> reading, TimeSpan limit) : Awaitable<T>
{
    private static readonly Action<object?> LookAtIt = static reading => ((TimedReading<T>)reading!).Look();

    private TimeSpan _began;
    private bool _isArmed;

    public TimeSpan Limit => limit;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new TimedFrame(this, reading, observer).Attach();
    }

    public override string ToString() => $"{reading} within {limit}";

    internal override Hub Home => reading.Home;

    internal override bool TryTake(out T value) => reading.TryTake(out value);

    private void Begin()
    {
        _began = Home.Elapsed;
        if (!_isArmed)
        {
            Arm(limit);
        }
    }

    private void Arm(TimeSpan time)
    {
        _isArmed = true;
        Home.StartTimer(time, LookAtIt, this);
    }

    private void Look()
    {
        _isArmed = false;
        if (reading.Input.Present is not TimedFrame frame || frame.Timed != this)
        {
            return;
        }

        var passed = Home.Elapsed - _began;
        if (passed < limit)
        {
            Arm(limit - passed);
        }
        else
        {
            reading.Input.Expel(frame, Late(passed, frame.Missing));
        }
    }

    private TimeoutException Late(TimeSpan passed, long missing) => new(
        $"{reading.Input} gave no whole frame of {reading.Framing} within {limit}: {passed} passed, " +
        $"{reading.Input.Buffered} bytes of it had come{(missing > 0 ? $", {missing} were missing" : "")}.");

    private sealed class TimedFrame(TimedReading<T> timed, Reading<T> reading, IObserver<T> observer) : Reading<T>.OneFrame(reading, observer)
    {
        public TimedReading<T> Timed => timed;

        public override void Waits() => timed.Begin();
    }
}
