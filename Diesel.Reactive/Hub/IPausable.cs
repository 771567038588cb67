namespace Diesel.Reactive;

/// <summary>A source that can be held: it gives nothing, and buffers nothing, until the hold is disposed.</summary>
internal interface IPausable
{
    Hub Hub { get; }

    IDisposable Pause();
}
