namespace Diesel.Reactive;

/// <summary>A hub's errors.</summary>
internal sealed class ErrorStream : Broadcast<HubError>
{
    [ThreadStatic]
    private static bool _reporting;

    private readonly long[] _counts = new long[Enum.GetValues<HubErrorKind>().Length];
    private bool _said;

    /// <summary>How many there were of a kind, observed or not.</summary>
    public long CountOf(HubErrorKind kind) => Volatile.Read(ref _counts[(int)kind]);

    public void Report(HubError error)
    {
        // What an observer of errors causes itself (sending them down a connection that fails) would be told to it again.
        if (_reporting)
        {
            return;
        }

        _reporting = true;
        Interlocked.Increment(ref _counts[(int)error.Kind]);
        try
        {
            SayIfUnobserved(error);

            // The last place errors can go may throw itself; telling it again would throw again.
            Tell(error);
        }
        finally
        {
            _reporting = false;
        }
    }

    // A program whose connections all wait would show nothing at all. Once is enough to know where to look.
    private void SayIfUnobserved(HubError error)
    {
        if (error.Kind == HubErrorKind.SlowTurn && !IsObserved && !Interlocked.Exchange(ref _said, true))
        {
            StandardStreams.Say($"{error} (This is said once; observe {nameof(Hub)}.{nameof(Hub.Errors)} for all.)");
        }
    }
}
