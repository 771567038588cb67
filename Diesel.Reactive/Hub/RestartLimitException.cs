using System.Globalization;

namespace Diesel.Reactive;

/// <summary>A loop that was kept alive died too often and was given up.</summary>
public sealed class RestartLimitException : Exception
{
    internal RestartLimitException(string loop, RestartLimit limit, int deaths, Exception? last)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"{loop} died again after {limit.Restarts} restarts within {limit.Period.TotalSeconds:0.###} s and was given up; it has died {deaths} times. See the inner exception for the last cause."), last) =>
        (Limit, Deaths) = (limit, deaths);

    /// <summary>What it was allowed.</summary>
    public RestartLimit Limit { get; }

    /// <summary>How often it has died, in all.</summary>
    public int Deaths { get; }
}
