using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How one kind of subscription is spoken of.</summary>
internal sealed class SubscriptionKind
{
    public static readonly SubscriptionKind Channel = new("", most: 1000);
    public static readonly SubscriptionKind Pattern = new("p", most: 1000);

    // In a cluster, all of a command are to be in one slot.
    public static readonly SubscriptionKind Shard = new("s", most: 1);

    private static readonly SubscriptionKind[] All = [Channel, Pattern, Shard];

    private readonly byte[] _message;
    private readonly byte[] _begun;
    private readonly byte[] _ended;

    private SubscriptionKind(string letter, int most)
    {
        (Most, _message) = (most, Encoding.ASCII.GetBytes($"{letter}message"));
        (_begun, _ended) = (Encoding.ASCII.GetBytes($"{letter}subscribe"), Encoding.ASCII.GetBytes($"{letter}unsubscribe"));
    }

    /// <summary>Names in one command, at most.</summary>
    public int Most { get; }

    /// <summary>The command, which is also how it is confirmed.</summary>
    public ReadOnlyMemory<byte> Command(bool begins) => begins ? _begun : _ended;

    /// <summary>Which kind of subscription a message belongs to; null: it is none.</summary>
    public static SubscriptionKind? OfMessage(ReadOnlySpan<byte> word)
    {
        foreach (var kind in All)
        {
            if (word.SequenceEqual(kind._message))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>Whether a push says that a subscription of this kind has begun, or ended.</summary>
    public bool Confirms(RespValue push, bool begins) => push.Items is [var word, _, _] && word.Raw.SequenceEqual(Command(begins).Span);
}
