namespace Diesel.Reactive;

/// <summary>What a peer owes to a handler that waits: its first byte, the rest of a frame, a body. A frame that is short (a line, a
/// head) is to be whole in time; one that is long, and a body, is to come at a rate.</summary>
internal sealed class InputLimits(Connection connection, TcpServiceOptions options)
{
    private const int MostShort = 4096;
    private const long Nothing = -1;
    private const long First = -2;
    private const long Body = -3;

    private ByteRate _rate = new(options.MinimumRate, options.MinimumRateGrace);
    private long _owed = Nothing;
    private TimeSpan _since;

    /// <summary>How long the shortest of them has patience; null: nothing is asked for.</summary>
    public static TimeSpan? PatienceOf(TcpServiceOptions options)
    {
        TimeSpan?[] all =
        [
            Finite(options.FirstByteTimeout), Finite(options.FrameTimeout),
            options.MinimumRate > 0 ? options.MinimumRateGrace : null,
        ];
        return all.Min();
    }

    public Breach? Look(TimeSpan now)
    {
        var input = connection.Life.Input;
        var owed = Owed(input);
        if (owed != _owed)
        {
            (_owed, _since) = (owed, now);
            _rate.Begin(now, input.ReceivedTotal);
            return null;
        }

        return owed switch
        {
            Nothing => null,
            First => now - _since >= options.FirstByteTimeout ? new(ServiceLimit.FirstByteTimeout, $"nothing came within {options.FirstByteTimeout}") : null,
            >= 0 when IsTimed(input) => now - _since >= options.FrameTimeout ? new(ServiceLimit.FrameTimeout, $"a frame was not whole within {options.FrameTimeout}") : null,
            _ => TooSlow(now, input.ReceivedTotal),
        };
    }

    private static TimeSpan? Finite(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? null : time;

    // A frame is known by where it begins.
    private long Owed(Inbound input) =>
        !input.IsWaiting ? Nothing
        : input.IsBodyExpected ? Body
        : input.Buffered > 0 ? input.ConsumedTotal
        : input.ReceivedTotal == 0 && options.FirstByteTimeout != Timeout.InfiniteTimeSpan ? First
        : Nothing;

    private bool IsTimed(Inbound input) =>
        options.FrameTimeout != Timeout.InfiniteTimeSpan && (options.MinimumRate == 0 || input.Buffered <= MostShort);

    private Breach? TooSlow(TimeSpan now, long received) =>
        options.MinimumRate > 0 && _rate.IsBroken(now, received)
            ? new(ServiceLimit.MinimumRate, $"it sent part of a frame and went on at {_rate.Measured(now):0} bytes/s, below {options.MinimumRate}")
            : null;
}
