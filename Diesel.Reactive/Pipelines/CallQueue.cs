namespace Diesel.Reactive;

/// <summary>Calls that wait to be written, which one pipeline after the other serves: what a client that reconnects is made of.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
/// <remarks>
/// <para>Give it to a <see cref="Pipeline{TReply}"/>, and when that has ended to the next one. Of the calls of a pipeline that ends those
/// that were never sent, and those that may be sent again (<see cref="Call{TReply}.IsRepeatable"/>), come back to its front in their order;
/// the others have failed with <see cref="ReplyLostException"/>. While no pipeline serves it, calls wait.</para>
/// <para>Bounded by <see cref="PipelineOptions.MaxQueuedCalls"/> and <see cref="PipelineOptions.MaxQueuedBytes"/>. How long a call may wait is its
/// caller's to say (<c>Timeout</c>), or the client's (<see cref="Fail"/>).</para>
/// </remarks>
public sealed class CallQueue<TReply> : ICalls<TReply>, ICallEntry<TReply>, IHubResource, IDisposable
{
    private readonly PipelineOptions _options;
    private readonly CallLine<TReply> _waiting;
    private Pipeline<TReply>? _pipeline;
    private Exception? _refuses;
    private bool _isRegistered;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where it lives, and all its pipelines' connections; null for the current hub, or the default one.</param>
    public CallQueue(PipelineOptions? options = null, Hub? hub = null)
    {
        (_options, Hub) = (options ?? PipelineOptions.Default, Hub.Of(hub));
        _waiting = new CallLine<TReply>(this);
    }

    /// <inheritdoc/>
    public Hub Hub { get; }

    /// <summary>Calls that wait to be written.</summary>
    public int Count => _waiting.Count;

    /// <summary>Who is first in line.</summary>
    internal Call<TReply>? Head => _waiting.Head.Call;

    private bool IsStranded => _pipeline is null && Count > 0;

    /// <inheritdoc/>
    public IDisposable Send(Call<TReply> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!Hub.IsCurrent)
        {
            LaterCall<TReply>.Send(this, call);
            return call;
        }

        call.Enter(this);
        Enter(call);
        return call;
    }

    /// <summary>Fails the calls that wait now; later ones wait on. Any thread.</summary>
    /// <param name="error">Why: what the last attempt to connect came to.</param>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    public void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Hub.Invoke(() => FailAll(_ => error));
    }

    /// <summary>Fails the calls that wait with <see cref="ObjectDisposedException"/>, and all that come later. A pipeline that serves it goes on with
    /// what is in flight. Any thread.</summary>
    public void Dispose() => Hub.Invoke(static queue => ((CallQueue<TReply>)queue!).DisposeHere(), this);

    /// <summary>How many wait.</summary>
    public override string ToString() => $"a queue of {Count} calls";

    void ICallEntry<TReply>.Enter(Call<TReply> call) => Enter(call);

    void ICallHolder<TReply>.Abandon(Call<TReply> call)
    {
        call.Place = CallPlace.Over;
        _waiting.Left();
        KeepRegistered();
    }

    void IHubResource.Abort() => FailAll(_ => Hub.Ended());

    /// <summary>From now on a pipeline serves it.</summary>
    /// <exception cref="InvalidOperationException">Another one does.</exception>
    internal void Attach(Pipeline<TReply> pipeline)
    {
        if (Interlocked.CompareExchange(ref _pipeline, pipeline, null) is { } other)
        {
            throw new InvalidOperationException($"{this} is served by {other}: a queue has one pipeline at a time, the next one when that has ended.");
        }
    }

    /// <summary>A pipeline does not serve it any more.</summary>
    internal void Detach(Pipeline<TReply> pipeline)
    {
        Interlocked.CompareExchange(ref _pipeline, null, pipeline);
        KeepRegistered();
    }

    /// <summary>Calls come back, to be sent before all others.</summary>
    internal void TakeBack(IEnumerable<Standing<TReply>> calls)
    {
        foreach (var standing in calls.Reverse())
        {
            if (_refuses is { } error)
            {
                Refusal<TReply>.Of(Hub, standing.Call!, error);
            }
            else
            {
                standing.Call!.Place = this;
                _waiting.AddFirst(standing);
            }
        }

        KeepRegistered();
        _pipeline?.Pump();
    }

    /// <summary>The first in line goes to a pipeline.</summary>
    internal void Pass(Call<TReply> head, object place)
    {
        head.Place = place;
        _waiting.Left();
    }

    /// <summary>Fails the calls that wait.</summary>
    internal void FailAll(Func<Call<TReply>, Exception> error)
    {
        var all = _waiting.All();
        _waiting.Clear();
        KeepRegistered();
        foreach (var standing in all)
        {
            Refusal<TReply>.Of(Hub, standing.Call!, error(standing.Call!));
        }
    }

    /// <summary>The calls that wait go elsewhere.</summary>
    internal Call<TReply>[] TakeAll()
    {
        var all = _waiting.All();
        _waiting.Clear();
        KeepRegistered();
        return [.. all.Select(static standing => standing.Call!)];
    }

    /// <summary>Takes no calls from now on.</summary>
    internal void Refuse(Exception error) => _refuses ??= error;

    /// <summary>Only calls that no connection answers for must be told by the queue itself that the hub ends.</summary>
    internal void KeepRegistered()
    {
        if (_isRegistered == IsStranded)
        {
            return;
        }

        _isRegistered = IsStranded;
        if (_isRegistered)
        {
            Hub.Register(this);
        }
        else
        {
            Hub.Unregister(this);
        }
    }

    private void DisposeHere()
    {
        var error = new ObjectDisposedException(ToString(), "The queue of calls was disposed: its client was closed.");
        Refuse(error);
        FailAll(_ => error);
    }

    private void Enter(Call<TReply> call)
    {
        var (error, length) = (_refuses, 0L);
        try
        {
            length = call.Length;
            error ??= Full(length);
        }
        catch (Exception thrown)
        {
            error ??= thrown;
        }

        if (error is not null)
        {
            Refusal<TReply>.Of(Hub, call, error);
            return;
        }

        call.Place = this;
        _waiting.Add(new(call, 0, length));
        KeepRegistered();
        _pipeline?.Pump();
    }

    private PipelineFullException? Full(long length)
    {
        if (Count == 0)
        {
            return null;
        }

        if (_waiting.Bytes + length > _options.MaxQueuedBytes)
        {
            _waiting.Tidy();
        }

        return Count >= _options.MaxQueuedCalls || _waiting.Bytes + length > _options.MaxQueuedBytes
            ? new PipelineFullException(_pipeline?.ToString() ?? ToString(), _pipeline?.Counts ?? new() { Queued = Count }, _options)
            : null;
    }
}
