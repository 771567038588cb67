namespace Diesel.Reactive;

/// <summary>Memory that output is written into, lent by the hub's pool until its bytes are sent.</summary>
internal sealed class OutputBlock(int size)
{
    private int _holders;

    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(size);

    /// <summary>The one below it in the pool.</summary>
    public OutputBlock? Below { get; set; }

    /// <summary>Up to where it is written.</summary>
    public int Used { get; set; }

    /// <summary>From where on what is written is no item of a queue yet.</summary>
    public int Begin { get; set; }

    public int Free => Bytes.Length - Used;

    /// <summary>One more who needs its bytes: who writes into it, or an item of a queue.</summary>
    public OutputBlock Held()
    {
        _holders++;
        return this;
    }

    /// <summary>One needs its bytes no longer; after the last it is used again.</summary>
    public void Release(OutputPool pool)
    {
        if (--_holders == 0)
        {
            (Used, Begin) = (0, 0);
            pool.Return(this);
        }
    }
}
