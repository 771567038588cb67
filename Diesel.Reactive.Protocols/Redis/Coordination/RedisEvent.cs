using System.Globalization;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A condition that loops of several programs wait for; it stays set until it is cleared. Made by <see cref="RedisCoordination.Event"/>.</summary>
/// <remarks>
/// <para>Latecomers see it, and what is set before a wait is never missed: who waits subscribes, then looks. <c>Set(); Clear();</c> is a pulse to those whose
/// waits the server knows of. Weaker than <see cref="Diesel.Reactive.Event"/>: a <c>Clear</c> may cross a <c>Set</c> of another program, and the last at the
/// server wins. It is forgotten when nobody used it for <see cref="RedisCoordinationOptions.KeepFor"/>.</para>
/// <para>Errors of a wait, besides the interface's: those of a command; <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class RedisEvent : IEvent, IDisposable
{
    private static readonly Bytes[] ToSet = ["1"];
    private static readonly Bytes[] ToClear = ["0"];

    private readonly SharedObject _of;
    private readonly Outbox _outbox;
    private readonly SharedCondition _condition;
    private long _version;

    internal RedisEvent(RedisCoordination owner, string name)
    {
        _of = new SharedObject(owner, "event", name);
        _outbox = new Outbox(_of, new Steps(_of, "change", _of.KeepFor));
        _condition = new SharedCondition(_of, _outbox, message => Heed(message.ToText()), Look);
    }

    /// <summary>Grows with each change, as far as one knows here. Any thread.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Something asked of it before has failed.</exception>
    /// <remarks>Sent in order, and repeated while its fate is not known; what fails in the end is in <see cref="RedisCoordination.Errors"/>.</remarks>
    public void Set() => Post(ToSet);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Something asked of it before has failed.</exception>
    /// <remarks>As <see cref="Set"/>.</remarks>
    public void Clear() => Post(ToClear);

    /// <summary>Sets the condition, and tells when the server knows.</summary>
    /// <returns>The version. Cold.</returns>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<long> SetAsync() => _outbox.Ask(ToSet, _ => Version, Heed);

    /// <summary>Clears the condition, and tells when the server knows.</summary>
    /// <returns>The version. Cold.</returns>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<long> ClearAsync() => _outbox.Ask(ToClear, _ => Version, Heed);

    /// <summary>Asks whether it is set, behind what was asked here before.</summary>
    /// <returns>Whether it is. Cold.</returns>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<bool> IsSet() => _condition.IsSo();

    /// <inheritdoc/>
    public Awaitable<Unit> Wait(TimeSpan? timeout = null) => _condition.Wait(timeout);

    /// <summary>Ends what waits here.</summary>
    public void Dispose() => _of.End(_condition.Dispose);

    /// <summary>Which, as errors show it.</summary>
    public override string ToString() => _of.ToString();

    private void Post(Bytes[] change)
    {
        _of.ThrowIfFailed();
        _outbox.Post(change, Heed);
    }

    // What was told since it was asked is newer.
    private IObservable<bool> Look() => Observable.Defer(() =>
    {
        var known = _version;
        return _of.Call("look", _of.KeepFor).Select(reply => Heed(reply.ToText(), isNews: _version == known));
    });

    private void Heed(RespValue reply) => Heed(reply.ToText());

    // What was overtaken counts for nothing; whoever looks sees what is, also when a failover has forgotten something.
    private bool Heed(string text, bool isNews = false)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var (version, isSet) = (long.Parse(text.AsSpan(0, Math.Max(0, space)), CultureInfo.InvariantCulture), text.EndsWith(" 1", StringComparison.Ordinal));
        if (version >= _version || isNews)
        {
            Volatile.Write(ref _version, version);
            _condition.Heed(isSet);
        }

        return isSet;
    }
}
