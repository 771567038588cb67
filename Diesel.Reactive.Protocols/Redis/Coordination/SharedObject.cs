using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What one object is at the server, and how it is asked.</summary>
internal sealed class SharedObject
{
    private static readonly Dictionary<string, FunctionLibrary> Libraries =
        new[] { "event", "countdown", "queue", "fanout" }.ToDictionary(static kind => kind, static kind => new FunctionLibrary(kind));

    private readonly FunctionLibrary _functions;
    private readonly string _text;
    private Exception? _failure;

    public SharedObject(RedisCoordination owner, string kind, string name)
    {
        (Owner, _functions, _text) = (owner, Libraries[kind], $"the {kind} '{owner.Prefix}:{name}'");
        Key = $"{{{owner.Prefix}:{kind}:{name}}}";
    }

    public RedisCoordination Owner { get; }

    public Hub Hub => Owner.Hub;

    /// <summary>Of all its keys the first, and the channel on which the server tells of it.</summary>
    public string Key { get; }

    public bool IsDisposed { get; private set; }

    /// <summary>How long the server keeps it without use.</summary>
    public Bytes KeepFor => Reply.Milliseconds(Owner.Options.KeepFor);

    /// <summary>Runs one of its functions.</summary>
    public IObservable<RespValue> Call(string function, params ReadOnlySpan<Bytes> arguments) => Named(_functions.Call(Owner.Redis, function, Key, arguments));

    /// <summary>Runs one over a connection of its own, and waits there until replicas have what it did.</summary>
    public IObservable<RespValue> CallReplicated(string function, Bytes[] arguments)
    {
        var options = Owner.Options;
        return Named(Owner.Redis.Lease(
            async session =>
            {
                var reply = await _functions.Call(session, function, Key, arguments).ToAwaitable();
                var has = await session.Wait(options.WaitReplicas, options.ReplicaTimeout);
                return has >= options.WaitReplicas ? reply : throw new NotReplicatedException(_text, options.WaitReplicas, has);
            },
            Key));
    }

    /// <summary>Something failed that nobody waited for: the next who asks is told as well. The hub's thread only.</summary>
    public void Fail(Exception error)
    {
        Volatile.Write(ref _failure, error);
        Owner.Report(error);
    }

    /// <summary>Refuses, once, when something failed before that nobody waited for. Any thread.</summary>
    public void ThrowIfFailed()
    {
        if (IsDisposed)
        {
            throw Ended();
        }

        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            throw new InvalidOperationException($"Something asked of {_text} before has failed: {failure.Message}", failure);
        }
    }

    public ObjectDisposedException Ended() => new(_text, $"{_text} was disposed here.");

    public void End() => IsDisposed = true;

    public override string ToString() => _text;

    // The server's words say nothing of the object.
    private IObservable<RespValue> Named(IObservable<RespValue> call) => call.Catch((RedisErrorException no) => Observable.Throw<RespValue>(
        no.Code is "WRONGTYPE" or "DIESELNEW" or "DIESELOTHER" ? new InvalidOperationException($"{_text} cannot be used: {no.Message}", no) : no));
}
