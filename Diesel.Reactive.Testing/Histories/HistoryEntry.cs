namespace Diesel.Reactive.Testing;

/// <summary>One call of a client, while it lasts and when it is over.</summary>
internal sealed class HistoryEntry<TCall, TReturn>(string client, TCall call, long began, TimeSpan beganAt)
{
    public string Client => client;

    public TCall Call => call;

    /// <summary>Its place among all beginnings and ends.</summary>
    public long Began => began;

    public TimeSpan BeganAt => beganAt;

    /// <summary>The place of its end; <see cref="long.MaxValue"/> where nobody knows what became of it, so that it may still happen.</summary>
    public long Ended { get; private set; } = long.MaxValue;

    public TimeSpan? EndedAt { get; private set; }

    public TReturn? Returned { get; private set; }

    /// <summary>How it failed, in a word; null: it did not.</summary>
    public string? Lost { get; private set; }

    /// <summary>Whether it is known to have had no effect.</summary>
    public bool IsVoid { get; private set; }

    public bool HasReturned => Ended != long.MaxValue;

    public void Return(TReturn value, long at, TimeSpan when) => (Returned, Ended, EndedAt) = (value, at, when);

    public void Lose(string how, TimeSpan when) => (Lost, EndedAt) = (how, when);

    public void Refuse(string how, TimeSpan when) => (Lost, EndedAt, IsVoid) = (how, when, true);

    /// <summary>What was known of it before something happened.</summary>
    public HistoryEntry<TCall, TReturn> Before(long place)
    {
        if (Ended <= place || !HasReturned)
        {
            return this;
        }

        return new(client, call, began, beganAt);
    }
}
