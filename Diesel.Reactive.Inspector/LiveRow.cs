using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Inspector;

/// <summary>Something that was told on a row of the page.</summary>
/// <param name="Time">Since the row began.</param>
/// <param name="Lane">Of a connection <c>rx</c> or <c>tx</c>; of a stream <c>on</c>.</param>
/// <param name="Kind">A value, or how it ended.</param>
/// <param name="Spelling">How a diagram writes the value; null: there is none.</param>
internal sealed record LiveEvent(TimeSpan Time, string Lane, MarbleKind Kind, MarbleSpelling? Spelling);

/// <summary>A connection or stream that a page may show; it remembers what it told while one did, for a test to be made of it.</summary>
internal sealed class LiveRow(int id, string name, bool isConnection, Hub hub, HubInspector inspector)
{
    private const int MostKept = 500;
    private const int MostBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly IStopwatch _clock = hub.StartStopwatch();
    private readonly List<LiveEvent> _kept = [];
    private int _bytes;
    private bool _isFull;

    public int Id => id;

    public string Name => name;

    public bool IsConnection => isConnection;

    public bool IsShown => inspector.IsShown(id);

    public void Tell(string lane, MarbleKind kind, ReadOnlySpan<byte> bytes)
    {
        if (IsShown)
        {
            Tell(new(_clock.Elapsed, lane, kind, kind == MarbleKind.Value ? BytesText.Spell(bytes.ToArray()) : null));
        }

        // Of a connection that has failed, no end of its own is told.
        if (kind == MarbleKind.Failed || (kind != MarbleKind.Value && lane == "tx"))
        {
            inspector.Close(this);
        }
    }

    public void Tell(MarbleKind kind, string? text)
    {
        if (IsShown)
        {
            Tell(new(_clock.Elapsed, "on", kind, text is null ? null : NaturalSpelling.Of(text)));
        }

        if (kind != MarbleKind.Value)
        {
            inspector.Close(this);
        }
    }

    /// <summary>A test that replays what was shown.</summary>
    public string Test()
    {
        lock (_gate)
        {
            return isConnection ? $$"""
                [Test]
                public void What_was_said_still_works() => MarbleTest.Run(t =>
                {
                    // {{name}}{{(_isFull ? ": the beginning" : "")}}
                    var connection = t.Duplex(
                        rx: @"{{Text("rx")}}",
                        tx: @"{{Text("tx")}}").InAnyTime().Connection;
                    connection.UntilEol().Subscribe(connection);    // your handler instead
                });

                """ : $$"""
                [Test]
                public void What_was_told_still_comes() => MarbleTest.Run(t =>
                {
                    // {{name}}{{(_isFull ? ": the beginning" : "")}}
                    t.ExpectObservable(t.Hot(@"{{Text("on")}}")).ToBe(@"{{Text("on")}}");    // your operator between the two
                });

                """;
        }
    }

    private void Tell(LiveEvent told)
    {
        lock (_gate)
        {
            _isFull |= _kept.Count >= MostKept || _bytes >= MostBytes;
            if (!_isFull)
            {
                _kept.Add(told);
                _bytes += told.Spelling?.Bytes.Length ?? 0;
            }
        }

        inspector.Tell(this, told);
    }

    private string Text(string lane)
    {
        var begin = _kept.Count > 0 ? _kept[0].Time : TimeSpan.Zero;
        MarbleEvent[] events = [.. _kept.Where(told => told.Lane == lane).Select(told => new MarbleEvent(Whole(told.Time - begin), told.Kind, told.Spelling))];
        return MarbleTable.Draw(new MarbleRow("", new(events, TimeSpan.Zero))).Replace("\"", "\"\"", StringComparison.Ordinal);
    }

    // Parts of milliseconds say nothing of what was said.
    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Floor(time.TotalMilliseconds));
}
