namespace Diesel.Reactive;

/// <summary>
/// The synchronization context of a hub, or of one loop on it: what is posted runs on the hub with this context, so that
/// <c>await</c> resumes on the hub and knows the loop it belongs to.
/// </summary>
internal sealed class HubContext : SynchronizationContext
{
    public HubContext(Hub hub, Loop? loop = null)
    {
        Hub = hub;
        Loop = loop;
        SetWaitNotificationRequired();
    }

    public Hub Hub { get; }

    public Loop? Loop { get; }

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

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        if (Hub.IsCurrent)
        {
            BlockingWait.ThrowIfUserWaits();
        }

        return base.Wait(waitHandles, waitAll, millisecondsTimeout);
    }
}
