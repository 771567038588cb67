namespace Diesel.Reactive.AspNetCore;

/// <summary>What an application has written and nobody has sent: where it lies, in its order. One piece, as a rule, for which nothing is made.</summary>
internal struct ResponsePieces
{
    /// <summary>How many bytes they are.</summary>
    public long Bytes;

    /// <summary>The first.</summary>
    public ReadOnlyMemory<byte> First { get; private set; }

    /// <summary>Those behind it; null: there are none.</summary>
    public List<ReadOnlyMemory<byte>>? Others { get; private set; }

    public void Add(ReadOnlyMemory<byte> bytes)
    {
        if (Bytes == 0)
        {
            First = bytes;
        }
        else
        {
            (Others ??= []).Add(bytes);
        }

        Bytes += bytes.Length;
    }

    /// <summary>All in one piece.</summary>
    public readonly ReadOnlyMemory<byte> Gather()
    {
        if (Others is null)
        {
            return First;
        }

        var all = new byte[Bytes];
        First.CopyTo(all);
        var at = First.Length;
        foreach (var piece in Others)
        {
            piece.CopyTo(all.AsMemory(at));
            at += piece.Length;
        }

        return all;
    }

    /// <summary>Gives them to somebody, one after the other.</summary>
    public readonly void SendTo(IObserver<ReadOnlyMemory<byte>> observer)
    {
        if (Bytes > 0)
        {
            observer.OnNext(First);
        }

        for (var i = 0; i < Others?.Count; i++)
        {
            observer.OnNext(Others[i]);
        }
    }
}
