namespace Diesel.Reactive;

/// <summary>A peer for which output waits is to take it at a rate.</summary>
internal sealed class OutputLimit(Connection connection, TcpServiceOptions options)
{
    private ByteRate _rate = new(options.MinimumWriteRate, options.MinimumRateGrace);

    /// <summary>How long it has patience; null: it is not asked for.</summary>
    public static TimeSpan? PatienceOf(TcpServiceOptions options) => options.MinimumWriteRate > 0 ? options.MinimumRateGrace : null;

    public Breach? Look(TimeSpan now)
    {
        var output = connection.Life.Output;
        return _rate.IsBroken(now, output.TakenTotal, output.IsOwed)
            ? new(ServiceLimit.MinimumWriteRate, $"it took its output at {_rate.Measured(now):0} bytes/s, below {options.MinimumWriteRate}", Resets: true)
            : null;
    }
}
