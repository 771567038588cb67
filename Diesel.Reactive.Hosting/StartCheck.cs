namespace Diesel.Reactive.Hosting;

/// <summary>Something that is looked at when the host starts, as nobody would find it wrong before it is used.</summary>
/// <param name="Look">Throws when it is wrong.</param>
internal sealed record StartCheck(Action<IServiceProvider> Look);
