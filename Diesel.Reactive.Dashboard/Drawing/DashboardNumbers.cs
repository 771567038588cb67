using System.Net;

namespace Diesel.Reactive.Dashboard.Drawing;

/// <summary>A connection, and how much it moves.</summary>
/// <param name="Now">As it is.</param>
/// <param name="In">Bytes received a second.</param>
/// <param name="Out">Bytes sent a second.</param>
internal sealed record ConnectionRate(ConnectionSnapshot Now, double In, double Out);

/// <summary>What two looks at a hub say: numbers, and how fast they change.</summary>
/// <remarks>Of a connection that has ended between them, its last bytes are in no rate.</remarks>
internal sealed record DashboardNumbers
{
    private readonly Dictionary<(EndPoint, EndPoint), ConnectionSnapshot> _connections = [];

    private DashboardNumbers(HubSnapshot now) => Now = now;

    /// <summary>The last look.</summary>
    public HubSnapshot Now { get; }

    /// <summary>Turns a second.</summary>
    public double Turns { get; private init; }

    /// <summary>Those that move most first.</summary>
    public IReadOnlyList<ConnectionRate> Connections { get; private init; } = [];

    /// <summary>Bytes received a second, of all that are listed.</summary>
    public double In => Connections.Sum(static each => each.In);

    /// <summary>Bytes sent a second, of all that are listed.</summary>
    public double Out => Connections.Sum(static each => each.Out);

    /// <param name="now">This look.</param>
    /// <param name="before">What was made of the last one; null: this is the first, and nothing is known of rates.</param>
    public static DashboardNumbers Of(HubSnapshot now, DashboardNumbers? before)
    {
        var seconds = before is null ? 0 : (now.Age - before.Now.Age).TotalSeconds;
        var numbers = new DashboardNumbers(now)
        {
            Turns = seconds > 0 ? (now.Turns - before!.Now.Turns) / seconds : 0,
            Connections =
            [
                .. now.Connections.Select(each => Rate(each, before?._connections.GetValueOrDefault((each.LocalEndPoint, each.RemoteEndPoint)), seconds))
                    .OrderByDescending(static each => each.In + each.Out).ThenByDescending(static each => each.Now.UnreadBytes + each.Now.PendingBytes),
            ],
        };
        foreach (var each in now.Connections)
        {
            numbers._connections[(each.LocalEndPoint, each.RemoteEndPoint)] = each;
        }

        return numbers;
    }

    // One that counts less than before is another one between the same places.
    private static ConnectionRate Rate(ConnectionSnapshot now, ConnectionSnapshot? before, double seconds)
    {
        if (seconds <= 0)
        {
            return new(now, 0, 0);
        }

        var isSame = before is not null && before.ReceivedBytes <= now.ReceivedBytes && before.SentBytes <= now.SentBytes;
        return new(now, (now.ReceivedBytes - (isSame ? before!.ReceivedBytes : 0)) / seconds, (now.SentBytes - (isSame ? before!.SentBytes : 0)) / seconds);
    }
}
