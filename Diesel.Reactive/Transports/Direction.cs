namespace Diesel.Reactive;

/// <summary>Which way bytes go.</summary>
[Flags]
public enum Direction
{
    /// <summary>From the peer to this side.</summary>
    Input = 1,

    /// <summary>From this side to the peer.</summary>
    Output = 2,

    /// <summary>Both ways, each by itself.</summary>
    Both = Input | Output,
}
