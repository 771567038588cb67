namespace Diesel.Reactive.Testing;

/// <summary>Has a diagram of its own to show.</summary>
internal interface IMarbleRow
{
    MarbleRow Row { get; }
}
