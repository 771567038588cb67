namespace Diesel.Reactive.Tests;

/// <summary>One thing that one end of a connection does.</summary>
/// <param name="End">A (who dialled) or B.</param>
/// <param name="Verb">What it does; the actor knows what that is.</param>
/// <param name="Amount">How many bytes, where the verb needs it.</param>
/// <param name="On">The kind of notification it waits for; null: at once.</param>
/// <param name="Waits">Whether the next step waits until all is quiet; it does anyway when the other end is next.</param>
internal readonly record struct Step(char End, string Verb, int Amount = 0, string? On = null, bool Waits = true)
{
    public override string ToString() =>
        $"{End} {(On is null ? "" : $"on {On}: ")}{Verb}{(Amount > 0 ? $" {Amount}" : "")}{(Waits ? "" : " and at once")}";
}
