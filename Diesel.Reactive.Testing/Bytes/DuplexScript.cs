using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>The rows of a scripted peer.</summary>
/// <param name="Rx">What arrives.</param>
/// <param name="Tx">What is to be sent; null: anything.</param>
/// <param name="Window">When the peer takes bytes.</param>
internal sealed record DuplexScript(MarbleDiagram Rx, MarbleDiagram? Tx, MarbleDiagram Window)
{
    public static Exception ResetByUs { get; } = new ConnectionException("reset by this side");

    public static DuplexScript Parse(string rx, string? tx, string? window)
    {
        ArgumentNullException.ThrowIfNull(rx);
        var arriving = MarbleDiagram.Parse(rx, MarbleRole.Bytes);
        if (arriving.Events.FirstOrDefault(happening => happening.Kind == MarbleKind.Unsubscribed) is { } ours)
        {
            throw new MarbleSyntaxException(rx, ours.Column,
                "'!', that we dispose, belongs in tx: write '|' here for the peer's FIN, or '#' for its reset.");
        }

        return new(arriving, tx is null ? null : MarbleDiagram.Parse(tx, MarbleRole.Bytes),
            MarbleDiagram.Parse(window ?? "", MarbleRole.Window));
    }

    /// <summary>The rows of a case of a file, with its definitions.</summary>
    public static DuplexScript Of(MarbleCase @case)
    {
        var (rx, tx, window) = (Row(MarbleRowRole.Rx), Row(MarbleRowRole.Tx), Row(MarbleRowRole.Window));
        return new(rx ?? throw new ArgumentException($"The case '{@case.Title}' of {@case.Path} has no rx row: write what the peer sends.", nameof(@case)),
            tx, window ?? new MarbleDiagram([], TimeSpan.Zero));

        MarbleDiagram? Row(MarbleRowRole role) => @case.Rows.Where(row => row.Role == role).ToList() switch
        {
            [] => null,
            [{ Diagram: var diagram }] => new([.. diagram.Events.Select(each =>
                each with { Spelling = each.Spelling is null ? null : @case.Meaning(each.Spelling) })], diagram.Length, diagram.Source),
            _ => throw new ArgumentException($"The case '{@case.Title}' of {@case.Path} has several rows {role}: a peer has one of each.", nameof(@case)),
        };
    }

    /// <summary>What shall be sent.</summary>
    public static Recording<ReadOnlyMemory<byte>> Recording(MarbleDiagram tx) => new([.. tx.Events.Select(happening =>
        new RecordedNotification<ReadOnlyMemory<byte>>(happening.Time, happening.Kind switch
        {
            MarbleKind.Value => Notification.CreateOnNext(happening.Spelling!.Bytes),
            MarbleKind.Completed => Notification.CreateOnCompleted<ReadOnlyMemory<byte>>(),
            MarbleKind.Failed => Notification.CreateOnError<ReadOnlyMemory<byte>>(ResetByUs),
            _ => Notification.CreateOnError<ReadOnlyMemory<byte>>(new MarbleDisposal()),
        }))]);
}
