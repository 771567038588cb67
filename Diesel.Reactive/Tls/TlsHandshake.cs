using System.Diagnostics;

namespace Diesel.Reactive;

/// <summary>The handshake of one connection, whose dear steps run off the hub: a signature takes up to a millisecond, and a first chain some hundred.</summary>
/// <remarks>Hub and pool take turns. While it is away, stream and wire are the pool's; when it needs more of the peer's, or is done, it comes
/// back in a turn of the hub. On a hub in virtual time, beside which no thread may run, it runs within the call.</remarks>
/// <param name="hub">Where it comes back.</param>
/// <param name="wire">What the stream reads and writes.</param>
/// <param name="authenticate">Runs all of it.</param>
/// <param name="back">Called in a turn; with a hub that has ended, where it is. Not called when it is back within the call.</param>
internal sealed class TlsHandshake(Hub hub, TlsWire wire, Func<Task> authenticate, Action<object?> back)
{
    private static readonly ContextCallback TakeStepWithin = static handshake => ((TlsHandshake)handshake!).Step();
    private static readonly Action<object?> TakeStep = static handshake => ((TlsHandshake)handshake!).Step();

    private ReadOnlyMemory<byte> _record;
    private bool _isHere;

    /// <summary>Neither the stream nor the wire may be touched.</summary>
    public bool IsAway { get; private set; }

    public bool HasBegun { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>Done, and in vain.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Begins, or goes on with what the peer sent.</summary>
    /// <param name="record">A whole record; empty: it begins without one.</param>
    /// <param name="where">Where that runs.</param>
    /// <returns>Whether it is back already.</returns>
    public bool GoOn(ReadOnlyMemory<byte> record, TlsStep where)
    {
        (IsAway, _record) = (true, record);
        if (where == TlsStep.Here || hub.IsVirtual)
        {
            _isHere = where == TlsStep.Here;
            Within(Step);
            _isHere = false;
            return !IsAway;
        }

        // Whose span the handshake is a part of goes with it: the runtime has one for it.
        var step = Activity.Current is null ? TakeStep : StepWithin(ExecutionContext.Capture());
        if (where == TlsStep.Queued)
        {
            TlsHandshakeQueue.Shared.Add(step, this);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(step, this, preferLocal: false);
        }

        return false;
    }

    /// <summary>Ends it: nothing more comes.</summary>
    public void End()
    {
        IsAway = true;
        Within(wire.End);
    }

    /// <summary>It is back.</summary>
    public void TakeBack() => IsAway = false;

    /// <summary>Runs a step whose continuations, if they run here, run at once: behind the hub's context they would be a thread's of the pool.</summary>
    public static void Within(Action step)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            step();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static Action<object?> StepWithin(ExecutionContext? context) =>
        context is null ? TakeStep : handshake => ExecutionContext.Run(context, TakeStepWithin, handshake);

    // What it does, up to the next record it needs, it does before this returns; unless the program has its own things to wait for.
    private void Step()
    {
        var record = _record;
        _record = default;
        if (!record.IsEmpty)
        {
            wire.Give(record);
        }

        if (!HasBegun)
        {
            HasBegun = true;
            wire.Starved = GiveBack;
            _ = Run();
        }
    }

    private async Task Run()
    {
        try
        {
            await authenticate().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever fails here, the program's callbacks included, is the error of this connection.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Error = error;
        }

        IsDone = true;
        wire.Starved = null;
        GiveBack();
    }

    private void GiveBack()
    {
        if (hub.IsCurrent && _isHere)
        {
            IsAway = false;
        }
        else if (!hub.Post(back))
        {
            back(null);
        }
    }
}
