namespace Diesel.Reactive;

/// <summary>What a <see cref="TcpService"/> has at a moment, and whom its limits have met.</summary>
/// <param name="Open">Connections that are open, or have a handler that runs, or still send.</param>
/// <param name="Lingering">Connections that have sent all and wait for their peer's end.</param>
/// <param name="BufferedInput">Bytes received that no handler has taken yet; may include what was taken a moment ago.</param>
/// <param name="PendingOutput">Bytes queued that the system has not taken yet.</param>
public sealed record ServiceCounts(int Open, int Lingering, long BufferedInput, long PendingOutput)
{
    private readonly long[] _ended = new long[Enum.GetValues<ServiceLimit>().Length];

    /// <summary>How many connections a limit has refused or ended since the service was made.</summary>
    /// <param name="limit">Which.</param>
    public long Ended(ServiceLimit limit) => _ended[(int)limit];

    /// <summary>All that limits have refused or ended.</summary>
    public override string ToString() =>
        $"{Open} open, {Lingering} lingering, {BufferedInput} bytes in, {PendingOutput} bytes out"
        + string.Concat(Enum.GetValues<ServiceLimit>().Where(limit => Ended(limit) > 0).Select(limit => $", {limit}: {Ended(limit)}"));

    internal static ServiceCounts None { get; } = new(0, 0, 0, 0);

    internal static ServiceCounts Of(int open, int lingering, long input, long output, ReadOnlySpan<long> ended)
    {
        var counts = new ServiceCounts(open, lingering, input, output);
        ended.CopyTo(counts._ended);
        return counts;
    }

    internal static ServiceCounts Sum(ServiceCounts one, ServiceCounts other)
    {
        var sum = Of(
            one.Open + other.Open, one.Lingering + other.Lingering, one.BufferedInput + other.BufferedInput, one.PendingOutput + other.PendingOutput, one._ended);
        for (var i = 0; i < sum._ended.Length; i++)
        {
            sum._ended[i] += other._ended[i];
        }

        return sum;
    }
}
