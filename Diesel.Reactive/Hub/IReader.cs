namespace Diesel.Reactive;

/// <summary>Who reads a <see cref="Readable"/> at present.</summary>
internal interface IReader : IHubWait
{
    /// <summary>What it reads.</summary>
    Readable Source { get; }

    /// <summary>Whether it takes item after item. Such a reader gets its first one in a later turn: its subscriber may
    /// want one item only, and must hold the subscription by then to say so.</summary>
    bool IsStream { get; }

    /// <summary>It unsubscribed, on whatever thread: it takes nothing more, also before the hub has detached it.</summary>
    bool HasLeft { get; }

    /// <summary>Why it will not find another item; null while it may.</summary>
    Exception? Failure { get; }

    /// <summary>Takes one item and delivers it; false when there is none, or it has left.</summary>
    bool TryDeliver();

    /// <summary>There is nothing more to read. The reader is detached.</summary>
    void Complete();

    /// <summary>Nothing more can be read. The reader is detached.</summary>
    void Fail(Exception error);
}
