using System.Reactive;

namespace Diesel.Reactive;

/// <summary>What is sent as a whole, with nothing between: bytes, or part of a file.</summary>
/// <param name="Bytes">What is sent, unless it is a file.</param>
/// <param name="Priority">Higher is sent sooner.</param>
internal record struct OutputItem(ReadOnlyMemory<byte> Bytes, int Priority = 0)
{
    /// <summary>Where its bytes come from: null, an <see cref="OutputBlock"/> or an <see cref="OutgoingFile"/>.</summary>
    public object? Origin { get; init; }

    /// <summary>Told when it was sent, or why it was not; null: nobody asks.</summary>
    public AwaitableSource<Unit>? Receipt { get; init; }

    /// <summary>Whether nothing that comes later overtakes it, or what is before it; its priority is the lowest.</summary>
    public bool IsBar { get; init; }

    /// <summary>Whether it answers what the peer sent.</summary>
    public bool IsReply { get; set; }

    public readonly OutgoingFile? File => Origin as OutgoingFile;

    public readonly long Length => File?.Count ?? Bytes.Length;

    /// <summary>Its bytes are not needed any more.</summary>
    public readonly void LetGo(OutputPool pool)
    {
        (Origin as OutputBlock)?.Release(pool);
        File?.LetGo(pool);
    }
}
