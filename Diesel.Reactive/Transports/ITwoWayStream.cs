namespace Diesel.Reactive;

/// <summary>A stream one side of which can be ended by itself.</summary>
internal interface ITwoWayStream
{
    /// <summary>Nothing more is written; reading goes on.</summary>
    void EndOutput();
}
