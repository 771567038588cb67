using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A channel or a pattern, who listens, and what the server knows of it. The hub's thread only.</summary>
internal sealed class SubscriptionEntry(SubscriptionBook book, SubscriptionKind kind, Bytes key)
{
    private SubscriptionListener[] _listeners = [];
    private string _channel = "";

    /// <summary>Of which connection it is one.</summary>
    public SubscriptionBook Book => book;

    public SubscriptionKind Kind => kind;

    public Bytes Key => key;

    public string Name { get; } = key.ToText();

    /// <summary>Whoever listens, in the order they came.</summary>
    public SubscriptionListener[] Listeners => _listeners;

    public bool IsWanted => _listeners.Length > 0;

    /// <summary>Who has asked the server last; null: it knows nothing of it.</summary>
    public SubscribeCall? Asked { get; set; }

    /// <summary>Whether the server has confirmed it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether it is asked for by itself: one of several was refused, and nobody knows which.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Whether it stands in line to be asked for, or given up.</summary>
    public bool IsDue { get; set; }

    /// <summary>The channel of a message to a pattern: mostly that of the one before.</summary>
    public string NameOf(RespValue channel)
    {
        if (!Ascii.Equals(channel.Raw, _channel))
        {
            _channel = channel.ToText();
        }

        return _channel;
    }

    public void Add(SubscriptionListener listener) => _listeners = [.. _listeners, listener];

    public void Remove(SubscriptionListener listener) => _listeners = [.. _listeners.Where(other => other != listener)];

    /// <summary>The server has confirmed it.</summary>
    public void Open(DateTimeOffset now)
    {
        IsOpen = true;
        foreach (var listener in _listeners)
        {
            if (--listener.Missing == 0)
            {
                listener.Open(now);
            }
        }
    }

    /// <summary>The server does not know of it any more.</summary>
    public void Close(DateTimeOffset now)
    {
        Asked = null;
        if (!IsOpen)
        {
            return;
        }

        IsOpen = false;
        foreach (var listener in _listeners)
        {
            listener.Missing++;
            listener.Lose(now);
        }
    }

    // What comes before is of a subscription that was given up.
    public void Tell(in RedisMessage message)
    {
        if (!IsOpen)
        {
            return;
        }

        foreach (var listener in _listeners)
        {
            listener.Next(message);
        }
    }
}
