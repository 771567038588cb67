using System.Collections.Concurrent;
using System.Reactive.Subjects;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>What all connections of a service share.</summary>
internal sealed class ServiceState(RiakServiceOptions options)
{
    private readonly ConcurrentQueue<(string Request, Func<IMessage, RiakErrorException?> Answer)> _expected = [];

    public RiakServiceOptions Options => options;

    public RiakStore Store { get; } = new(options);

    /// <summary>The requests that come, before they are answered.</summary>
    public Subject<(RiakCode Code, IMessage Message)> Heard { get; } = new();

    public void Expect(string request, RiakErrorException? error) => _expected.Enqueue((request, _ => error));

    /// <summary>What the test wants to be answered; false: whatever is right.</summary>
    public bool TryScripted(RiakCode code, IMessage message, out RiakErrorException? error)
    {
        error = null;
        if (!_expected.TryPeek(out var next) || $"{code}" != $"{next.Request}Request" || !_expected.TryDequeue(out next))
        {
            return false;
        }

        error = next.Answer(message);
        return true;
    }
}
