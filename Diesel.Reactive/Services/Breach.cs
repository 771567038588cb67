namespace Diesel.Reactive;

/// <summary>A connection went past a limit.</summary>
/// <param name="Limit">Which.</param>
/// <param name="Why">What it did, as its reader is told; without the limit's name.</param>
/// <param name="Resets">It is reset, since its peer takes nothing or holds too much; else closed.</param>
internal sealed record Breach(ServiceLimit Limit, string Why, bool Resets = false)
{
    public TimeoutException Of(Connection connection) => new($"{connection} was closed: {Why} ({Limit}).");
}
