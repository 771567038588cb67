namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What was published.</summary>
/// <param name="Channel">Where.</param>
/// <param name="Payload">What. A small one kept for long holds the block it came in: keep <see cref="Bytes.ToArray"/> of it then.</param>
/// <param name="Pattern">By which pattern it was found; null: by the channel's name.</param>
public readonly record struct RedisMessage(string Channel, Bytes Payload, string? Pattern = null)
{
    /// <summary>The payload as text.</summary>
    public string Text => Payload.ToText();

    /// <summary>Takes it apart: <c>var (channel, text) = message</c>.</summary>
    /// <param name="channel">Where.</param>
    /// <param name="text">What, as text.</param>
    public void Deconstruct(out string channel, out string text) => (channel, text) = (Channel, Text);

    /// <summary>Where and what.</summary>
    public override string ToString() => $"{Channel}: {Text}";
}
