namespace Diesel.Reactive;

/// <summary>Who reads a connection's input at present.</summary>
internal interface IReader
{
    /// <summary>Whether it takes frame after frame. Such a reader gets its first one in a later turn: its subscriber may
    /// want one frame only, and must hold the subscription by then to say so.</summary>
    bool IsStream { get; }

    /// <summary>It unsubscribed, on whatever thread: it takes nothing more, also before the hub has detached it.</summary>
    bool HasLeft { get; }

    /// <summary>Takes one frame from the buffer and delivers it; false when more bytes are needed.</summary>
    bool TryDeliver();

    /// <summary>The peer ended on a frame boundary. The reader is detached.</summary>
    void Complete();

    /// <summary>Nothing more can be read. The reader is detached.</summary>
    void Fail(Exception error);
}
