namespace Diesel.Reactive;

/// <summary>One thing to run on a hub: an <c>Action&lt;object?&gt;</c> or a <see cref="SendOrPostCallback"/>, and its context.</summary>
internal readonly record struct WorkItem(object Callback, object? State, HubContext Context)
{
    public void Invoke()
    {
        if (Callback is Action<object?> action)
        {
            action(State);
        }
        else
        {
            ((SendOrPostCallback)Callback)(State);
        }
    }

    /// <summary>Where the code came from, for errors and the watchdog.</summary>
    public override string ToString() => Context?.Loop is { } loop ? Label.Of(loop) : State switch
    {
        null => Describe(Callback as Delegate),
        Delegate user => Describe(user),
        var described => Label.Of(described),
    };

    public static string Describe(Delegate? work) => work is null
        ? "the hub"
        : $"{work.Method.DeclaringType?.FullName}.{work.Method.Name}";
}
