using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A connection that stays with what began on it: a cursor, or a transaction, of which nobody else knows. The first call borrows it.</summary>
/// <remarks>The hub's thread only, but for <see cref="Return"/>. Source: the driver specifications' <c>load-balancers</c>.</remarks>
internal sealed class MongoPin : IPinned
{
    private MongoLoan? _loan;

    /// <summary>Null: nothing has begun, or it is over.</summary>
    public MongoConnection? Connection => Volatile.Read(ref _loan)?.Connection;

    /// <summary>Does something with it. An error, and leaving before its end, closes it.</summary>
    /// <param name="pool">Where it comes from, if there is none yet.</param>
    /// <param name="work">What is done.</param>
    public Awaitable<T> Use<T>(MongoPool pool, Func<MongoConnection, Awaitable<T>> work) => Observable.Create<T>(observer => pool.Hub.Fork(
        async () =>
        {
            T value;
            var isDone = false;
            try
            {
                value = await work(Connection ?? Took(await pool.Borrow()));
                isDone = true;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Discard();
                observer.OnError(error);
                return;
            }
            finally
            {
                if (!isDone)
                {
                    Discard();
                }
            }

            observer.OnNext(value);
            observer.OnCompleted();
        },
        "a call on a connection of its own")).ToAwaitable("a call on a connection of its own");

    /// <summary>It is over: the connection goes back.</summary>
    public void Return() => Interlocked.Exchange(ref _loan, null)?.Return();

    /// <summary>Nobody knows in what state the connection is: it is closed.</summary>
    public void Discard() => Interlocked.Exchange(ref _loan, null)?.Discard();

    // Of two first calls at a time the second has borrowed in vain.
    private MongoConnection Took(MongoLoan loan)
    {
        if (Interlocked.CompareExchange(ref _loan, loan, null) is { } before)
        {
            loan.Return();
            return before.Connection;
        }

        return loan.Connection;
    }
}

/// <summary>A connection that is lent for more than one call.</summary>
/// <param name="lease">The pool's.</param>
/// <param name="back">Tells that it is back.</param>
internal sealed class MongoLoan(Lease<MongoConnection> lease, Action back)
{
    public MongoConnection Connection { get; } = lease.Value;

    public void Return()
    {
        lease.Dispose();
        back();
    }

    public void Discard()
    {
        lease.Discard();
        back();
    }
}
