namespace Diesel.Reactive;

/// <summary>Something that went wrong on a hub and that no caller was there to receive.</summary>
/// <param name="Exception">What was thrown.</param>
/// <param name="Source">Where: the loop, the connection with its endpoints, or the scheduled method.</param>
/// <param name="Kind">Whose doing it is.</param>
/// <remarks>Idea: diesel's log line "Unhandled Exception in local loop".</remarks>
public sealed record HubError(Exception Exception, string Source, HubErrorKind Kind)
{
    /// <summary>One line for a log: where, what kind, and the message.</summary>
    public override string ToString() => Label.OneLine($"{Source}: {Exception.GetType().Name}: {Label.MessageOf(Exception)}");
}
