using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>Bytes as they are compared: what is told at one instant is one chunk.</summary>
internal static class JoinedBytes
{
    /// <summary>What differs; null: nothing.</summary>
    /// <param name="title">What was observed.</param>
    /// <param name="place">Where the test says so.</param>
    /// <param name="expected">In order of time.</param>
    /// <param name="actual">In order of time.</param>
    /// <param name="error">Which errors are expected ones; null: those of the same type and message.</param>
    /// <param name="context">The sources.</param>
    public static MarbleReport? Compare(
        string title, MarblePlace place, Recording<ReadOnlyMemory<byte>> expected, Recording<ReadOnlyMemory<byte>> actual,
        Predicate<Exception>? error, IReadOnlyList<MarbleRow> context)
    {
        var known = expected.Select(told => told.Notification.Exception).OfType<Exception>().FirstOrDefault(each => each is not MarbleDisposal);
        return new MarbleComparison<ReadOnlyMemory<byte>>(title, place.File, place.Line,
            [.. Join(expected).Select(told => Expected(told, error))], Join(actual), new([], known), context).Compare();
    }

    private static Recording<ReadOnlyMemory<byte>> Join(Recording<ReadOnlyMemory<byte>> recording)
    {
        var (joined, chunk, time) = (new List<RecordedNotification<ReadOnlyMemory<byte>>>(), new List<ReadOnlyMemory<byte>>(), TimeSpan.Zero);
        foreach (var told in recording)
        {
            if (!told.Notification.HasValue || told.Time != time)
            {
                End();
            }

            if (told.Notification.HasValue)
            {
                chunk.Add(told.Notification.Value);
            }
            else
            {
                joined.Add(told);
            }

            time = told.Time;
        }

        End();
        return new(joined);

        void End()
        {
            if (Bytes(chunk) is { Length: > 0 } bytes)
            {
                joined.Add(new(time, Notification.CreateOnNext(bytes)));
            }

            chunk.Clear();
        }
    }

    private static ReadOnlyMemory<byte> Bytes(IReadOnlyList<ReadOnlyMemory<byte>> chunks)
    {
        if (chunks is [var only])
        {
            return only;
        }

        var (bytes, at) = (new byte[chunks.Sum(static chunk => chunk.Length)], 0);
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(bytes.AsMemory(at));
            at += chunk.Length;
        }

        return bytes;
    }

    private static ExpectedNotification<ReadOnlyMemory<byte>> Expected(RecordedNotification<ReadOnlyMemory<byte>> told, Predicate<Exception>? error)
    {
        var (kind, spelling) = (MarbleDisposal.KindOf(told.Notification), told.Notification.HasValue ? NaturalSpelling.Of(told.Notification.Value) : null);
        return new(told.Time, kind, spelling, actual => MarbleDisposal.KindOf(actual) == kind
            && (kind == MarbleKind.Failed && error is not null ? error(actual.Exception!) : MarbleEquality.Same(told.Notification, actual, null)), 0);
    }
}
