namespace Diesel.Reactive.Tests;

/// <summary>A name in a file of one room that means something declared in another.</summary>
/// <param name="From">The room of the file.</param>
/// <param name="To">The room of what is named.</param>
/// <param name="Place">The file and the line, from 1.</param>
/// <param name="Symbol">What is named.</param>
internal sealed record RoomUse(string From, string To, string Place, string Symbol)
{
    public override string ToString() => $"{Place}: {Symbol}: {From} → {To}";
}
