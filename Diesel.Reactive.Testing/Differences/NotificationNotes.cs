using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>Tells the differences of notifications in words.</summary>
internal sealed class NotificationNotes<T>(
    IReadOnlyList<ExpectedNotification<T>> expected, Recording<T> actual, MarbleValues<T> values, ComparedValues<T> compared)
{
    private const int MostInAnInstant = 12;
    private const int MostFrames = 3;
    private const int LongValue = 32;

    public DifferenceNote Of(MarbleDifference difference, TimeSpan time)
    {
        var (kind, wanted, told) = difference;
        var shift = kind == MarbleDifferenceKind.Moved ? TimeText.Shift(expected[wanted].Time, actual[told].Time) : null;
        return new(time, 0, wanted, told, shift, () => kind switch
        {
            MarbleDifferenceKind.Moved => new(Sign(wanted), $"expected {Expected(wanted)}, was {Actual(told)}   ({shift})"),
            MarbleDifferenceKind.OutOfOrder => new(Sign(wanted), $"out of order at {Actual(told)}: expected "
                + $"{Instant(compared.ExpectedDiagram.Events, wanted)}, was {Instant(compared.ActualDiagram.Events, told)}"),
            MarbleDifferenceKind.Missing => new(Sign(wanted), $"missing: expected at {Expected(wanted)}{Error(wanted)}"),
            MarbleDifferenceKind.Unexpected => new(MarbleNotation.Of(compared.ActualDiagram.Events[told]),
                $"unexpected at {Actual(told)}{Error(actual[told].Notification)}", Stack(actual[told].Notification)),
            _ => Changed(wanted, told),
        });
    }

    private DifferenceWords Changed(int wanted, int told)
    {
        var (notification, text) = (actual[told].Notification, $"at {Actual(told)}: expected {Said(wanted)}, was {Said(told, actual[told].Notification)}");
        if (notification.Kind == NotificationKind.OnError && ExpectedError(wanted) is MarbleException { IsDefault: true })
            text += "   (to expect it, pass it to ToBe, or say WithError)";
        if (!notification.HasValue || !compared.TryValue(wanted, out var value)) return new(Sign(wanted), text, Stack(notification));
        var details = ValueDifference.Of(value, notification.Value);
        var isAlike = details.Count == 0 && ValueText.Of(value) == ValueText.Of(notification.Value);
        return new(Sign(wanted), isAlike ? text + "   (alike in writing, but not equal)" : text, details);
    }

    private string Sign(int wanted) => MarbleNotation.Of(compared.ExpectedDiagram.Events[wanted]);

    private string Expected(int wanted) => TimeText.Of(expected[wanted].Time);

    private string Actual(int told) => TimeText.Of(actual[told].Time);

    private string Said(int wanted) => expected[wanted].Kind switch
    {
        MarbleKind.Completed => "the completion",
        MarbleKind.Unsubscribed => "the disposal",
        MarbleKind.Failed when ExpectedError(wanted) is { } error => $"the error {ValueText.Of(error)}",
        MarbleKind.Failed => "an error that matches",
        _ when compared.TryValue(wanted, out var value) => Named(Sign(wanted), ValueText.Of(value)),
        _ => $"what {Sign(wanted)} matches",
    };

    private string Said(int told, Notification<T> notification) => notification.Kind switch
    {
        NotificationKind.OnCompleted => "the completion",
        NotificationKind.OnError when notification.Exception is MarbleDisposal => "the disposal",
        NotificationKind.OnError => $"the error {ValueText.Of(notification.Exception)}",
        _ => Named(MarbleNotation.Of(compared.ActualDiagram.Events[told]), ValueText.Of(notification.Value)),
    };

    // A short value is told beside its name; a long one is in the legend.
    private static string Named(string sign, string value) =>
        value == sign || value == $"'{sign}'" || sign[0] is '\'' or '<' ? value : value.Length > LongValue ? sign : $"{sign} = {value}";

    private string Error(int wanted) => expected[wanted].Kind == MarbleKind.Failed && ExpectedError(wanted) is { } error ? $", {ValueText.Of(error)}" : "";

    private static string Error(Notification<T> told) => MarbleDisposal.KindOf(told) == MarbleKind.Failed ? $": {ValueText.Of(told.Exception)}" : "";

    private Exception? ExpectedError(int wanted) =>
        compared.Meets(wanted, Notification.CreateOnError<T>(values.Error)) ? values.Error : null;

    // An error that nobody expected is found fastest where it was thrown.
    private static string[] Stack(Notification<T> told) => told.Exception?.StackTrace is { } stack
        ? [.. stack.Split('\n', StringSplitOptions.TrimEntries).Take(MostFrames)] : [];

    private static string Instant(IReadOnlyList<MarbleEvent> events, int index)
    {
        var (first, end) = (index, index + 1);
        while (first > 0 && index - first < MostInAnInstant && events[first - 1].Time == events[index].Time) first--;
        while (end < events.Count && end - first < MostInAnInstant && events[end].Time == events[index].Time) end++;
        return $"[{string.Concat(Enumerable.Range(first, end - first).Select(i => MarbleNotation.Of(events[i])))}]";
    }
}
