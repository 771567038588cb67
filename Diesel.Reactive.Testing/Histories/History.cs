using System.Diagnostics.CodeAnalysis;

namespace Diesel.Reactive.Testing;

/// <summary>What clients asked of something they share, and what they were told, each with its instants: to be held against a model of it.</summary>
/// <typeparam name="TCall">What is asked; its text is drawn.</typeparam>
/// <typeparam name="TReturn">What is told; its text is drawn.</typeparam>
/// <remarks>A call must seem to happen at one instant between its beginning and its end (it is linearizable). A call whose end nobody knows may
/// happen at any time from its beginning on, or never.</remarks>
[SuppressMessage("Naming", "CA1724", Justification = "What a paper calls it.")]
public sealed class History<TCall, TReturn>
{
    private readonly Func<TimeSpan> _now;
    private readonly List<HistoryEntry<TCall, TReturn>> _calls = [];
    private long _places;

    /// <summary>Begins with no calls.</summary>
    /// <param name="scheduler">The time that calls take.</param>
    /// <exception cref="ArgumentNullException"><paramref name="scheduler"/> is null.</exception>
    public History(MarbleScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _now = () => scheduler.Elapsed;
    }

    /// <summary>How many calls began.</summary>
    public int Count => _calls.Count;

    /// <summary>A client makes a call.</summary>
    /// <param name="client">Its name: a row of the picture.</param>
    /// <param name="call">What it asks.</param>
    /// <returns>To be told what comes of it.</returns>
    public HistoryCall<TReturn> Begin(string client, TCall call)
    {
        ArgumentNullException.ThrowIfNull(client);
        var entry = new HistoryEntry<TCall, TReturn>(client, call, _places++, _now());
        _calls.Add(entry);
        return new(value => entry.Return(value, _places++, _now()), (how, isVoid) =>
        {
            if (isVoid)
            {
                entry.Refuse(how, _now());
            }
            else
            {
                entry.Lose(how, _now());
            }
        });
    }

    /// <summary>A client makes a call and waits for what comes of it.</summary>
    /// <param name="client">Its name: a row of the picture.</param>
    /// <param name="call">What it asks.</param>
    /// <param name="run">Asks. What it throws means that nobody knows whether the call happens.</param>
    /// <returns>What it was told; what is thrown is thrown on.</returns>
    public async Task<TReturn> Call(string client, TCall call, Func<Task<TReturn>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var begun = Begin(client, call);
        try
        {
            var value = await run();
            begun.Returns(value);
            return value;
        }
        catch (Exception error)
        {
            begun.IsLost(error.GetType().Name);
            throw;
        }
    }

    /// <summary>Whether a model could have said all that was told.</summary>
    /// <typeparam name="TState">What the model knows.</typeparam>
    /// <param name="model">The model.</param>
    /// <returns>The shortest beginning of the history that it could not, of one key if it has keys; null: it could.</returns>
    public HistoryFault? FindFault<TState>(HistoryModel<TState, TCall, TReturn> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _calls.GroupBy(call => model.KeyOf(call.Call)).Select(about => FaultOf(model, [.. about])).FirstOrDefault(static fault => fault is not null);
    }

    /// <summary>Fails unless a model could have said all that was told.</summary>
    /// <typeparam name="TState">What the model knows.</typeparam>
    /// <param name="model">The model.</param>
    /// <exception cref="HistoryException">It could not: with the shortest beginning of the history for which that is so, as marbles.</exception>
    public void Check<TState>(HistoryModel<TState, TCall, TReturn> model)
    {
        if (FindFault(model) is { } fault)
        {
            throw new HistoryException(fault);
        }
    }

    /// <summary>All calls, a row for each client, as marbles.</summary>
    public override string ToString() => MarbleTable.Draw(Rows(_calls));

    private static HistoryFault? FaultOf<TState>(HistoryModel<TState, TCall, TReturn> model, HistoryEntry<TCall, TReturn>[] calls)
    {
        if (new Linearization<TState, TCall, TReturn>(model, calls).Exists())
        {
            return null;
        }

        // The first end with which there is no order any more; a shorter beginning of a history that has one has one, too.
        var ends = calls.Where(static call => call.HasReturned).OrderBy(static call => call.Ended).ToArray();
        var (least, most) = (0, ends.Length - 1);
        while (least < most)
        {
            var middle = (least + most) / 2;
            (least, most) = new Linearization<TState, TCall, TReturn>(model, Until(ends[middle].Ended)).Exists() ? (middle + 1, most) : (least, middle);
        }

        var last = ends[least];
        return new($"{last.Client} asked '{last.Call}' and was told '{last.Returned}', which no order of these calls explains", Rows(Until(last.Ended)));

        HistoryEntry<TCall, TReturn>[] Until(long end) => [.. calls.Where(call => call.Began <= end).Select(call => call.Before(end))];
    }

    private static MarbleRow[] Rows(IReadOnlyList<HistoryEntry<TCall, TReturn>> calls) => [.. calls.GroupBy(static call => call.Client).Select(static client =>
    {
        MarbleEvent[] events = [.. client.SelectMany(Events).OrderBy(static e => e.Time)];
        return new MarbleRow(client.Key, new MarbleDiagram(events, events.Length == 0 ? TimeSpan.Zero : events[^1].Time));
    })];

    private static IEnumerable<MarbleEvent> Events(HistoryEntry<TCall, TReturn> call)
    {
        yield return new(call.BeganAt, MarbleKind.Value, MarbleSpelling.Quoted($"{call.Call}"));
        if (call.EndedAt is { } end)
        {
            yield return new(end, MarbleKind.Value, MarbleSpelling.Quoted($"→{(call.HasReturned ? $"{call.Returned}" : call.Lost)}"));
        }
    }
}
