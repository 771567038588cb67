using System.Net;

namespace Diesel.Reactive;

/// <summary>One endpoint of a <see cref="BalancedPool{T}"/> at one moment.</summary>
/// <param name="EndPoint">Which.</param>
/// <param name="IsEjected">Whether it has failed too often, and gets no calls as long as there are others.</param>
/// <param name="Counts">Its pool's numbers.</param>
public readonly record struct EndPointCounts(EndPoint EndPoint, bool IsEjected, PoolCounts Counts)
{
    /// <summary>The numbers as a line.</summary>
    public override string ToString() => $"{EndPoints.Text(EndPoint)}{(IsEjected ? " (ejected)" : "")}: {Counts}";
}
