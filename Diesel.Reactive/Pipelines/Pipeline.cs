using System.Reactive;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>One live connection that many callers share: calls are written in the order they come, and replies find their calls.</summary>
/// <typeparam name="TReply">What the framing decodes replies to.</typeparam>
/// <remarks>
/// <para>A reply reaches the call it answers, or nobody. The calls of a turn leave in one write, or in two where they are long: the first 4 KiB are
/// not held back until the rest is written. Calls in flight and waiting calls are bounded, and so is what is read for calls that were abandoned. The head of the line without a reply for
/// <see cref="PipelineOptions.ReplyTimeout"/>, and a reply that nobody asked for, end the connection.</para>
/// <para>When it ends, the calls that were never sent go back to a <see cref="CallQueue{TReply}"/> that was given, with those that may be
/// repeated; all others fail: <see cref="ReplyLostException"/> when they were sent, <see cref="ConnectionException"/> when not. An observer
/// that throws is reported in <see cref="Hub.Errors"/>, and harms nobody else.</para>
/// <para>Members may be called from any thread. For exclusive use put pipelines into a <c>Pool</c>, with <see cref="IsIdle"/> as
/// <c>IsUsable</c> and <see cref="Ended"/> as <c>Watch</c>.</para>
/// </remarks>
public sealed class Pipeline<TReply> : ICalls<TReply>, ICallEntry<TReply>, IDisposable
{
    private readonly PipelineRun<TReply> _run;

    /// <summary>Takes a connection over, which has no reader.</summary>
    /// <param name="connection">Belongs to the pipeline from now on, and ends with it.</param>
    /// <param name="framing">Decodes replies.</param>
    /// <param name="correlation">Tells whose a reply is.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="queue">Whose calls it serves, until it ends; null: a queue of its own.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/>, <paramref name="framing"/> or
    /// <paramref name="correlation"/> is null.</exception>
    /// <exception cref="ArgumentException">The queue lives on another hub; or calls are to be forgotten
    /// (<see cref="Abandoned.Forget"/>) whose replies come in order.</exception>
    /// <exception cref="InvalidOperationException">The queue is served by another pipeline.</exception>
    public Pipeline(
        Connection connection, Framing<TReply> framing, Correlation<TReply> correlation, PipelineOptions? options = null, CallQueue<TReply>? queue = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(framing);
        ArgumentNullException.ThrowIfNull(correlation);
        options ??= PipelineOptions.Default;
        if (queue is not null && queue.Hub != connection.Hub)
        {
            throw new ArgumentException("The queue lives on another hub than the connection.", nameof(queue));
        }

        if (options.Abandoned == Abandoned.Forget && !correlation.CanForget)
        {
            throw new ArgumentException(
                $"{nameof(Abandoned)}.{nameof(Abandoned.Forget)} is for replies that are told apart by ids; in order, {nameof(Abandoned.Drain)} them or {nameof(Abandoned.Close)}.",
                nameof(options));
        }

        _run = new PipelineRun<TReply>(this, connection, framing, correlation, options, queue);
        _run.Begin();
        PipelineMeter.Begin();
    }

    /// <inheritdoc/>
    public Hub Hub => _run.Hub;

    /// <summary>Pushes: what the server says unasked. Empty unless the correlation admits them.</summary>
    /// <remarks>Hot; completes when the pipeline ends. An observer that throws is reported and gets no more. It cannot be held: who is
    /// slower than the server takes <c>ObserveOnBounded</c> or <c>ReadAllAsync</c> with a bound.</remarks>
    public IObservable<TReply> Unasked => _run.Unasked;

    /// <summary>Its numbers now.</summary>
    public PipelineCounts Counts => _run.Counts;

    /// <summary>Whether it takes calls and nothing is under way: nobody's call, and no reply to one that was abandoned.</summary>
    public bool IsIdle => _run.IsIdle;

    /// <summary>Whether it is over and nothing was under way then: nobody was harmed.</summary>
    public bool EndedIdle => _run.EndedIdle;

    /// <summary>Told when it is over, and everybody was told.</summary>
    /// <remarks>One <see cref="Unit"/> when it was disposed. Errors: what ended it, <see cref="ConnectionException"/> when that was the peer, or
    /// its silence.</remarks>
    public Awaitable<Unit> Ended => _run.Ended;

    /// <inheritdoc/>
    public IDisposable Send(Call<TReply> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (Hub.IsCurrent)
        {
            call.Enter(this);
            _run.Enter(call);
        }
        else
        {
            LaterCall<TReply>.Send(this, call);
        }

        return call;
    }

    /// <summary>Refuses new calls, waits for the replies to what is in flight for <see cref="PipelineOptions.CloseTimeout"/>, and closes the connection.
    /// Calls that wait stay in a queue that was given, and fail in one of its own.</summary>
    public void Dispose() => Hub.Invoke(static run => ((PipelineRun<TReply>)run!).Dispose(), _run);

    /// <summary>The connection, as errors show it.</summary>
    public override string ToString() => _run.ToString();

    void ICallEntry<TReply>.Enter(Call<TReply> call) => _run.Enter(call);

    /// <summary>A call was abandoned that took longer than it may. On the hub.</summary>
    internal void WasLate(Call<TReply> call, TimeSpan limit) => _run.WasLate(call, limit);

    void ICallHolder<TReply>.Abandon(Call<TReply> call) => _run.Abandon(call);

    /// <summary>There may be something to write.</summary>
    internal void Pump() => _run.Pump();

    /// <summary>Holds the connection: no reply is read, and no time runs for one.</summary>
    internal IDisposable Hold()
    {
        var pause = _run.Connection.Pause();
        Hub.Invoke(static run => ((PipelineRun<TReply>)run!).Hold(1), _run);
        return Disposable.Create((pause, _run), static held =>
        {
            held.pause.Dispose();
            held._run.Hub.Invoke(static run => ((PipelineRun<TReply>)run!).Hold(-1), held._run);
        });
    }
}
