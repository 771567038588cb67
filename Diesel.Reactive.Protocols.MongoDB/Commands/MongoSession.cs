using System.Reactive;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Commands that belong together: each sees what those before it have written, and several may be one transaction.</summary>
/// <remarks>One command after another: servers take no two of one session at a time. Source: the driver specifications' <c>driver-sessions</c>, <c>causal-consistency</c>
/// and <c>transactions</c>.</remarks>
public sealed class MongoSession : IDisposable
{
    // MaxTimeMSExpired; UnsatisfiableWriteConcern and UnknownReplWriteConcern: it will not become safer.
    private const int OutOfTime = 50;
    private static readonly int[] NeverSafer = [100, 79];

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly MongoCluster _cluster;
    private readonly MongoCallOptions _options;

    internal MongoSession(MongoCluster cluster, MongoCallOptions options, MongoSessionOptions session)
    {
        _cluster = cluster;
        _options = options with { Session = this };
        State = new SessionState(cluster.Sessions, session.IsCausal);
    }

    /// <summary>Whether it has a transaction that has not ended.</summary>
    public bool IsInTransaction => State.IsInTransaction;

    internal SessionState State { get; }

    /// <summary>A database whose commands are sent with the session.</summary>
    /// <param name="name">Its name.</param>
    public MongoDatabase this[string name] => new(new(_cluster, name, _options));

    /// <summary>Begins a transaction: what is done with the session belongs to it until <see cref="Commit"/> or <see cref="Abort"/>.</summary>
    /// <param name="options">What holds of it; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    public void BeginTransaction(MongoTransactionOptions? options = null)
    {
        options ??= new();
        State.Begin(options with { ReadConcern = options.ReadConcern ?? _options.ReadConcern, WriteConcern = options.WriteConcern ?? _options.WriteConcern });
    }

    /// <summary>Has all of the transaction written; of one that was committed says so again.</summary>
    /// <returns>Cold. When it is written.</returns>
    /// <remarks>Errors: <see cref="MongoErrorException"/>; with <see cref="MongoLabels.UnknownCommit"/> nobody knows whether it was. <see cref="InvalidOperationException"/>:
    /// there is none.</remarks>
    public Awaitable<Unit> Commit() => Target.Do("a commit", async () =>
    {
        switch (State.Stage)
        {
            case TransactionStage.None or TransactionStage.Aborted:
                throw new InvalidOperationException("The session has no transaction to commit.");
            case TransactionStage.Starting:
                State.Stage = TransactionStage.Committed;
                return Unit.Default;
        }

        var isRepeated = State.Stage == TransactionStage.Committed;
        State.Stage = TransactionStage.Committed;
        try
        {
            await End("commitTransaction", isRepeated);
        }
        catch (Exception error) when (IsUnknown(error))
        {
            error.AddLabel(MongoLabels.UnknownCommit);
            throw;
        }

        return Unit.Default;
    });

    /// <summary>Gives the transaction up: nothing of it is written.</summary>
    /// <returns>Cold. When the server was told; that it could not be told is no error, as it finds out itself.</returns>
    /// <remarks>Errors: <see cref="InvalidOperationException"/>: there is none.</remarks>
    public Awaitable<Unit> Abort() => Target.Do("an abort", async () =>
    {
        var stage = State.Stage;
        if (!State.IsInTransaction)
        {
            throw new InvalidOperationException("The session has no transaction to give up.");
        }

        State.Stage = TransactionStage.Aborted;
        if (stage == TransactionStage.Running)
        {
            try
            {
                await End("abortTransaction", isRepeated: false);
            }
            catch (Exception error) when (error is MongoErrorException or IOException or TimeoutException or EndOfStreamException)
            {
                // The server gives it up by itself.
            }
        }

        State.Unpin();
        return Unit.Default;
    });

    /// <summary>Ends it; a transaction that has not ended is given up.</summary>
    public void Dispose()
    {
        if (State.Stage == TransactionStage.Running)
        {
            Abort().Subscribe(_ => End(), _ => End());
        }
        else
        {
            End();
        }
    }

    internal async Task<T> Run<T>(Func<MongoSession, Task<T>> work, MongoTransactionOptions? options)
    {
        var began = _cluster.Hub.TimeProvider.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            BeginTransaction(options);
            try
            {
                var value = await Work(work);
                await CommitFor(began);
                return value;
            }
            catch (Exception error) when (error.HasLabel(MongoLabels.TransientTransaction))
            {
                // Those that contradict one another do not come back together.
                var most = FirstWait * Math.Pow(1.5, attempt);
                var wait = _cluster.Draw() * (most < LongestWait ? most : LongestWait);
                if (_cluster.Hub.TimeProvider.GetElapsedTime(began) + wait >= Longest)
                {
                    throw;
                }

                await _cluster.Hub.Sleep(wait);
            }
        }
    }

    private MongoTarget Target => new(_cluster, "admin", _options);

    private async Task<T> Work<T>(Func<MongoSession, Task<T>> work)
    {
        try
        {
            return await work(this);
        }
        catch
        {
            if (IsInTransaction)
            {
                await Abort();
            }

            throw;
        }
    }

    private async Task CommitFor(long began)
    {
        // The work may have ended it itself.
        while (IsInTransaction || State.Stage == TransactionStage.Committed)
        {
            try
            {
                await Commit();
                return;
            }
            catch (Exception error) when (error.HasLabel(MongoLabels.UnknownCommit) && !error.HasLabel(MongoLabels.TransientTransaction)
                && error is not MongoErrorException { Code: OutOfTime } && _cluster.Hub.TimeProvider.GetElapsedTime(began) < Longest)
            {
                // To say it again does no harm.
            }
        }
    }

    private Awaitable<BulkResult> End(string command, bool isRepeated)
    {
        var (target, end) = (Target, BsonOutput.Rent().Add(command, 1));
        if (State.RecoveryToken is { } token)
        {
            end.Add("recoveryToken", token);
        }

        var concern = State.Transaction.WriteConcern;
        return target.Ask(new MongoRequest<BulkResult>
        {
            Name = command, Database = "admin", Elements = end.Take(), Read = static reply => MongoBulk.Result("commit", reply), Session = State, EndsTransaction = true, Retries = MongoRetries.Write,
            Timeout = State.Transaction.MaxCommitTime ?? _options.Timeout, WriteConcern = isRepeated ? (concern ?? new()).ForRepeatedCommit() : concern,
        });
    }

    private static bool IsUnknown(Exception error) => error switch
    {
        MongoWriteException { ConcernError: { } concern } => !NeverSafer.Contains(concern.Code),
        MongoErrorException { Code: OutOfTime } => true,
        MongoErrorException => error.HasLabel(MongoLabels.RetryableWrite),
        _ => error is IOException or TimeoutException or EndOfStreamException,
    };

    private void End() => _cluster.Hub.Post(static state => ((SessionState)state!).End(), State);
}
