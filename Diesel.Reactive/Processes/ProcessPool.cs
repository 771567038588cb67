using System.Reactive;
using System.Reactive.Linq;
using System.Text;

namespace Diesel.Reactive;

/// <summary>Processes that work for this one, each on one call at a time, over its standard input and output.</summary>
/// <remarks>
/// <para>A process is started when a call finds none that is free, and used again. The program answers calls with
/// <see cref="ProcessWorker.Serve(Func{ReadOnlyMemory{byte}, ReadOnlyMemory{byte}})"/>.</para>
/// <para>What may go wrong can be told apart: all are busy, <see cref="PoolTimeoutException"/>, or too many wait already,
/// <see cref="PoolExhaustedException"/>; none can be started, <see cref="ProcessNotStartedException"/>; it has ended under the call,
/// <see cref="ProcessCrashedException"/>; the work threw, <see cref="RemoteException"/>. Idea: diesel's <c>process.spawn</c> and
/// <c>ProcessPool</c>, where a process that died left its caller waiting for ever.</para>
/// </remarks>
public sealed class ProcessPool : IDisposable
{
    private static readonly TimeSpan PatienceForExit = TimeSpan.FromSeconds(1);

    private readonly Pool<ChildProcess> _pool;
    private readonly Framing<WorkFrame> _replies;
    private readonly string _name;
    private uint _number;

    /// <summary>Makes a pool; no process is started yet.</summary>
    /// <param name="program">A name, which is looked for in the folders of PATH, or a path.</param>
    /// <param name="arguments">Of each process; null for none.</param>
    /// <param name="options">How many, and bounds; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException"><paramref name="program"/> is empty.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public ProcessPool(string program, IReadOnlyList<string>? arguments = null, ProcessPoolOptions? options = null, Hub? hub = null)
    {
        options ??= new ProcessPoolOptions();
        var on = Hub.Of(hub);
        _name = $"pool of processes '{program}'";
        _replies = WorkFrame.Replies(options.MaxReply);
        _pool = new Pool<ChildProcess>(
            ChildProcess.Start(program, arguments, options.Child, on).Catch((Exception error) => Observable.Throw<ChildProcess>(new ProcessNotStartedException(error))),
            options: new PoolOptions<ChildProcess>
            {
                Name = _name,
                Max = options.Max,
                MaxIdle = options.Max,
                MaxWaiting = options.MaxWaiting,
                AcquireTimeout = options.AcquireTimeout,
                IdleTimeout = Timeout.InfiniteTimeSpan,
                IsUsable = static process => !process.HasExited,
                Watch = static process => process.Exited.Select(static _ => Unit.Default),
            },
            hub: on);
    }

    /// <summary>Its numbers now.</summary>
    public PoolCounts Counts => _pool.Counts;

    /// <summary>Has some work done.</summary>
    /// <param name="request">What the work gets; must not change afterwards.</param>
    /// <returns>Cold: each subscription and each <c>await</c> is a call, and gives what the work returned. Unsubscribed before that,
    /// its process is killed, as it would go on working for nobody.</returns>
    /// <remarks>Errors: as this class tells them apart; <see cref="ObjectDisposedException"/> when it was disposed.</remarks>
    public Awaitable<ReadOnlyMemory<byte>> Call(ReadOnlyMemory<byte> request) =>
        _pool.Use(process => Ask(process, request)).Select(Result).ToAwaitable($"a call of a {_name}");

    /// <summary>As the other, with text, which is UTF-8 on the way.</summary>
    /// <param name="request">What the work gets.</param>
    /// <returns>As the other.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    public Awaitable<string> Call(string request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Call(Encoding.UTF8.GetBytes(request)).Select(static reply => Encoding.UTF8.GetString(reply.Span)).ToAwaitable($"a call of a {_name}");
    }

    /// <summary>Ends the pool: calls under way may end, then their processes are killed, like those that are free.</summary>
    /// <param name="timeout">How long to wait for the calls. Zero: only if there are none. Null: for ever.</param>
    /// <returns>Hot: it ends observed or not. One <see cref="Unit"/> when every process was killed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    public Awaitable<Unit> Drain(TimeSpan? timeout = null) => _pool.Drain(timeout);

    /// <summary>Drains it, without waiting.</summary>
    public void Dispose() => _pool.Dispose();

    /// <summary>Its name and numbers.</summary>
    public override string ToString() => _pool.ToString();

    private static ReadOnlyMemory<byte> Result(WorkFrame reply) => reply.Kind == WorkKind.Failure ? throw reply.ToException() : reply.Payload;

    private async Task<WorkFrame> Ask(ChildProcess process, ReadOnlyMemory<byte> request)
    {
        var number = ++_number;
        try
        {
            process.Connection.OnNext(new WorkFrame(number, WorkKind.Call, request).ToBytes());
            var reply = await process.Connection.Read(_replies);
            return reply.Number == number && reply.Kind is WorkKind.Result or WorkKind.Failure
                ? reply
                : throw new ProtocolException($"{process} said something that is no reply to call {number}. Let it print to standard error only.");
        }
        catch (Exception error) when (error is IOException or TruncatedFrameException)
        {
            throw new ProcessCrashedException(process.ToString(), await HowItEnded(process), process.LastErrors, error);
        }
        catch (ProtocolException error)
        {
            throw new ProcessCrashedException(process.ToString(), null, process.LastErrors, error);
        }
    }

    // One whose output has ended has most likely ended itself, and that is told in the next moment.
    private static async Task<ChildExit?> HowItEnded(ChildProcess process)
    {
        try
        {
            return await process.Exited.Timeout(PatienceForExit);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
