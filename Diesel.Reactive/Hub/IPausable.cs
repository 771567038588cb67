namespace Diesel.Reactive;

/// <summary>A source that can be held: it gives nothing, and buffers nothing, until the hold is disposed.</summary>
/// <remarks>Operators that would queue what they cannot pass on hold such a source instead: <c>SelectAsync</c>, <c>ReadAllAsync</c>,
/// <c>ObserveOnBounded</c>, <c>Share</c>. An observable of one's own that implements it is held by them, too.</remarks>
public interface IPausable
{
    /// <summary>Where it gives what it gives.</summary>
    Hub Hub { get; }

    /// <summary>Holds it.</summary>
    /// <returns>The hold: of several, each is disposed before it goes on.</returns>
    IDisposable Pause();
}
