namespace Diesel.Reactive;

/// <summary>What the mailboxes of one socket may keep together; past it the oldest are dropped and counted.</summary>
internal sealed class MailBound(int maxCost)
{
    // The mailbox that has been unread for longest first.
    private readonly LinkedList<IMail> _unread = new();
    private long _cost;
    private long _dropped;

    public long Dropped => Volatile.Read(ref _dropped);

    public void CountDropped(int count = 1) => _dropped += count;

    public void Added(LinkedListNode<IMail> mail, int cost)
    {
        _cost += cost;
        if (mail.List is null)
        {
            _unread.AddLast(mail);
        }
    }

    public void Removed(LinkedListNode<IMail> mail, int cost)
    {
        _cost -= cost;
        if (mail.Value.Count == 0 && mail.List is not null)
        {
            _unread.Remove(mail);
        }
    }

    /// <summary>Drops until the bound is kept: who brought the last item pays first, then who was unread for longest. That
    /// last item stays, whatever its size.</summary>
    public void Enforce(IMail last)
    {
        while (_cost > maxCost && Payer(last) is { } payer)
        {
            payer.DropOldest();
            _dropped++;
        }
    }

    private IMail? Payer(IMail last)
    {
        if (last.Count > 1)
        {
            return last;
        }

        var longest = _unread.First;
        return longest?.Value == last ? longest.Next?.Value : longest?.Value;
    }
}
