namespace Diesel.Reactive.Tests;

/// <summary>Tells stories.</summary>
internal static class Story
{
    /// <summary>Subscribes here and now.</summary>
    public static Story<T> Of<T>(IObservable<T> source)
    {
        var story = new Story<T>();
        story.Subscription = source.Subscribe(story);
        return story;
    }
}

/// <summary>What an observer was told, as one line: <c>A B |</c> completed, <c>A B #TimeoutException</c> failed,
/// <c>A B</c> goes on.</summary>
internal sealed class Story<T> : IObserver<T>
{
    public List<T> Values { get; } = [];

    public Exception? Error { get; private set; }

    public bool IsCompleted { get; private set; }

    public bool IsOver => IsCompleted || Error is not null;

    /// <summary>What was subscribed; disposed, it leaves.</summary>
    public IDisposable? Subscription { get; set; }

    public T Last => Values[^1];

    public void OnNext(T value)
    {
        Assert.That(IsOver, Is.False, "A value came after the end.");
        Values.Add(value);
    }

    public void OnError(Exception error)
    {
        Assert.That(IsOver, Is.False, "A second end came.");
        Error = error;
    }

    public void OnCompleted()
    {
        Assert.That(IsOver, Is.False, "A second end came.");
        IsCompleted = true;
    }

    public override string ToString() => string.Join(' ', [.. Values.Select(Text), .. End()]);

    private static string Text(T value) => value switch
    {
        ReadOnlyMemory<byte> bytes => bytes.TrimEol().ToText() is { Length: > 0 } text ? text : "''",
        Datagram datagram => datagram.Payload.Length > 0 ? datagram.Payload.ToText() : "''",
        _ => value?.ToString() ?? "null",
    };

    private string[] End() => IsCompleted ? ["|"] : Error is not null ? [$"#{Error.GetType().Name}"] : [];
}
