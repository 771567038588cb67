namespace Diesel.Reactive;

/// <summary>Who reads a <see cref="Readable"/> at present.</summary>
internal interface IReader : IHubWait
{
    /// <summary>What it reads.</summary>
    Readable Source { get; }

    /// <summary>Whether it takes item after item. Such a reader gets its first one in a later turn: its subscriber may
    /// want one item only, and must hold the subscription by then to say so.</summary>
    bool IsStream { get; }

    /// <summary>Whether it only reads ahead: nobody waits for it, so it is none who keeps others from reading.</summary>
    bool IsAhead { get; }

    /// <summary>It unsubscribed, on whatever thread: it takes nothing more, also before the hub has detached it.</summary>
    bool HasLeft { get; }

    /// <summary>Whether it was given as much as one turn has for it: the rest comes in the next.</summary>
    bool HasHadItsShare { get; }

    /// <summary>Why it will not find another item; null while it may.</summary>
    Exception? Failure { get; }

    /// <summary>Whether it is owed more, although nothing of that is there.</summary>
    bool IsOwed { get; }

    /// <summary>Whether only the end of the stream tells it that it has all.</summary>
    bool TrustsEnd { get; }

    /// <summary>How many bytes it needs beyond those that are there, after it found nothing; 0: nobody knows.</summary>
    long Missing { get; }

    /// <summary>Bytes it was given of what is not whole yet.</summary>
    long Taken { get; }

    /// <summary>It was attached, and there is nothing for it yet.</summary>
    void Waits();

    /// <summary>Takes what is there for it, one item or more, and delivers it; false when there is none, or it has left.</summary>
    bool TryDeliver();

    /// <summary>Another wants to read; false: it does not only read ahead. True: it is detached, and told nothing more.</summary>
    bool TryMakeWay();

    /// <summary>There is nothing more to read. The reader is detached.</summary>
    void Complete();

    /// <summary>Nothing more can be read. The reader is detached.</summary>
    void Fail(Exception error);
}
