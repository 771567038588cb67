using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>What the connections of a hub that speak TLS share.</summary>
internal sealed class TlsMemory
{
    private static readonly ConditionalWeakTable<Hub, TlsMemory> OfHubs = [];

    private byte[]? _records;

    private TlsMemory()
    {
    }

    /// <summary>For plain text, which may be kept.</summary>
    public Slab Plain { get; } = new();

    /// <summary>Where records are received, used again and again: what is not decrypted in the same turn is copied.</summary>
    public Memory<byte> Records => _records ??= GC.AllocateUninitializedArray<byte>(Slab.Size);

    public static TlsMemory Of(Hub hub) => OfHubs.GetValue(hub, static _ => new TlsMemory());
}
