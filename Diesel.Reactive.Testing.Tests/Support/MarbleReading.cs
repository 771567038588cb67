using System.Globalization;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A diagram in one line: each event as its sign or value and its milliseconds.</summary>
static class MarbleReading
{
    public static string Of(string marbles, MarbleRole role = MarbleRole.Any, MarbleDialect dialect = MarbleDialect.Strict) =>
        Of(MarbleDiagram.Parse(marbles, role, dialect));

    public static string Of(MarbleDiagram diagram) => string.Join(" ", diagram.Events.Select(Of));

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);

    static string Of(MarbleEvent e) =>
        (e.AnyOrder > 0 ? $"{e.AnyOrder}:" : "") + What(e) + "@" + Milliseconds(e.Time);

    public static string What(MarbleEvent e) => e.Kind switch
    {
        MarbleKind.Value => e.Spelling!.ToString(),
        MarbleKind.Completed => "|",
        MarbleKind.Failed => "#",
        MarbleKind.Subscribed => "^",
        _ => "!",
    };
}
