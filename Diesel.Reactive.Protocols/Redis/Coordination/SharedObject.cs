using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What one object is at the server, and how it is asked.</summary>
internal sealed class SharedObject
{
    private static readonly Dictionary<string, FunctionLibrary> Libraries =
        new[] { "event", "countdown", "queue", "fanout" }.ToDictionary(static kind => kind, static kind => new FunctionLibrary(kind));

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FunctionLibrary _functions;
    private readonly (string Kind, string Name) _place;
    private readonly string _text;
    private Exception? _failure;
    private int _isEnding;

    public SharedObject(RedisCoordination owner, string kind, string name)
    {
        (Owner, _functions, _place, _text) = (owner, Libraries[kind], (kind, name), $"the {kind} '{owner.Prefix}:{name}'");
        Key = $"{{{owner.Prefix}:{kind}:{name}}}";
    }

    public RedisCoordination Owner { get; }

    public Hub Hub => Owner.Hub;

    /// <summary>Of all its keys the first, and the channel on which the server tells of it.</summary>
    public string Key { get; }

    /// <summary>Whether it has ended, behind all that was asked before. The hub's thread only.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>How long the server keeps it without use.</summary>
    public Bytes KeepFor => Reply.Milliseconds(Owner.Options.KeepFor);

    /// <summary>What the server tells of it.</summary>
    /// <inheritdoc cref="ObjectChannel"/>
    public ObjectChannel Channel(Action<Bytes> told, Action look, Action<Exception> failed) => new(Hub, Owner.Subscriptions, Key, Owner.Options.KeepFor, told, look, failed);

    /// <summary>Runs one of its functions, again and again while its fate is not known.</summary>
    /// <param name="function">Which.</param>
    /// <param name="arguments">Those behind the version.</param>
    public IObservable<RespValue> Call(string function, params ReadOnlySpan<Bytes> arguments) =>
        Repeated(_functions.Call(Owner.Redis, function, Key, arguments), Owner.Options.RepeatFor);

    /// <summary>Runs one of its functions, again while its fate is not known.</summary>
    /// <param name="function">Which.</param>
    /// <param name="arguments">Those behind the version.</param>
    /// <param name="limit">For how long.</param>
    /// <param name="isReplicated">Whether it is asked over a connection of its own, which waits until replicas have what it did.</param>
    public IObservable<RespValue> Call(string function, Bytes[] arguments, TimeSpan limit, bool isReplicated) =>
        Repeated(isReplicated ? Replicated(function, arguments) : _functions.Call(Owner.Redis, function, Key, arguments), limit);

    /// <summary>Something failed that nobody waited for: the next who asks is told as well. The hub's thread only.</summary>
    public void Fail(Exception error)
    {
        Volatile.Write(ref _failure, error);
        Owner.Report(error);
    }

    /// <summary>Refuses, once, when something failed before that nobody waited for. Any thread.</summary>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _isEnding) != 0)
        {
            throw Ended();
        }

        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            throw new InvalidOperationException($"Something asked of {_text} before has failed: {failure.Message}", failure);
        }
    }

    public ObjectDisposedException Ended() => new(_text, $"{_text} was disposed here.");

    /// <summary>Refuses what is asked from now on; what was asked before goes its way, then it has ended. Any thread.</summary>
    /// <param name="ended">Runs then, on the hub.</param>
    public void End(Action ended)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) != 0)
        {
            return;
        }

        Owner.Forget(_place);
        Hub.Within(() =>
        {
            IsDisposed = true;
            ended();
        });
    }

    public override string ToString() => _text;

    private Awaitable<RespValue> Replicated(string function, Bytes[] arguments)
    {
        var options = Owner.Options;
        return Owner.Redis.Lease(
            async session =>
            {
                var reply = await _functions.Call(session, function, Key, arguments).ToAwaitable();
                var has = await session.Wait(options.WaitReplicas, options.ReplicaTimeout);
                return has >= options.WaitReplicas ? reply : throw new NotReplicatedException(_text, options.WaitReplicas, has);
            },
            Key);
    }

    private IObservable<RespValue> Repeated(IObservable<RespValue> call, TimeSpan span) => Observable.Defer(() =>
    {
        var limit = Owner.Now + span;
        return call
            .RetryWhen(failures => failures.SelectMany(failure => IsUnknown(failure) && Owner.Now < limit && !IsDisposed ? Hub.Sleep(Pause) : Observable.Throw<Unit>(failure)))
            .Catch((RedisErrorException no) => Observable.Throw<RespValue>(Named(no)));
    });

    // The server's words say nothing of the object.
    private Exception Named(RedisErrorException no) =>
        no.Code is "WRONGTYPE" or "DIESELNEW" or "DIESELOTHER" ? new InvalidOperationException($"{_text} cannot be used: {no.Message}", no) : no;

    // It may have been done; or a server is about to answer again, or its place to be taken. The connections to one that has left its cluster are disposed of.
    private bool IsUnknown(Exception failure) => failure switch
    {
        RedisErrorException no => Detour.IsOfPlace(no),
        ObjectDisposedException => Owner.Redis.Topology is ClusterTopology { IsDisposed: false },
        _ => failure is IOException or TimeoutException,
    };
}
