namespace Diesel.Reactive;

/// <summary>
/// The synchronization context of a hub, or of one loop on it: what is posted runs on the hub with this context, so that
/// <c>await</c> resumes on the hub and knows the loop it belongs to.
/// </summary>
internal sealed class HubContext : SynchronizationContext
{
    // The loop, or one that nobody has asked for yet, or none.
    private object? _loop;

    public HubContext(Hub hub, Loop? loop = null)
        : this(hub, (object?)loop)
    {
    }

    public HubContext(Hub hub, UnmadeLoop loop)
        : this(hub, (object?)loop)
    {
    }

    private HubContext(Hub hub, object? loop)
    {
        Hub = hub;
        _loop = loop;
        SetWaitNotificationRequired();
    }

    public Hub Hub { get; }

    /// <summary>Made by this, if nobody has asked before.</summary>
    public Loop? Loop => _loop as Loop ?? MakeLoop();

    /// <summary>The loop, if it was made; makes none.</summary>
    public Loop? MadeLoop => _loop as Loop;

    public bool IsOfLoop => _loop is not null;

    /// <summary>Whether its loop, made or not, has ended, or has begun again with another context.</summary>
    public bool IsEnding => _loop is Loop loop ? !loop.IsAlive(this) : _loop is UnmadeLoop { HasEnded: true };

    /// <summary>Code up to the end of the <c>using</c> runs in this context.</summary>
    public Entered Enter() => new(this);

    /// <summary>Its loop's code has come to its end.</summary>
    public void EndLoop()
    {
        if (_loop is UnmadeLoop unmade)
        {
            _loop = unmade.Ended;
        }
        else
        {
            Loop?.End(null);
        }
    }

    // Code that was to go on after an await goes on, also when its hub has ended: elsewhere, and what it waits for there is refused.
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!Hub.Post(d, state, this))
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static s => UserCode.Run(s.Hub, s.d, () => s.d(s.state)), (Hub, d, state), preferLocal: false);
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Hub.IsCurrent)
        {
            d(state);
            return;
        }

        using var done = new ManualResetEventSlim();
        Exception? error = null;
        void RunAndRelease(object? s)
        {
            try
            {
                d(s);
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            done.Set();
        }

        // Of the kind that a hub that ends still runs: somebody stands still for it.
        if (!Hub.Post((SendOrPostCallback)RunAndRelease, state, this))
        {
            throw new ObjectDisposedException(nameof(Hub), "Nothing runs on this hub any more: it was disposed.");
        }

        done.Wait();
        if (error is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    private Loop? MakeLoop()
    {
        if (_loop is not UnmadeLoop unmade)
        {
            return null;
        }

        var made = unmade.Make(this);
        return Interlocked.CompareExchange(ref _loop, made, unmade) as Loop ?? made;
    }

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        if (Hub.IsCurrent)
        {
            BlockingWait.ThrowIfUserWaits();
        }

        return base.Wait(waitHandles, waitAll, millisecondsTimeout);
    }

    public readonly ref struct Entered
    {
        private readonly SynchronizationContext? _outer = Current;
        private readonly LoopMeter? _meter;

        public Entered(HubContext context)
        {
            SetSynchronizationContext(context);
            _meter = context.Hub.Roots.Measuring;
            _meter?.Enter(context);
        }

        public void Dispose()
        {
            SetSynchronizationContext(_outer);
            _meter?.Enter(_outer as HubContext);
        }
    }
}
