using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Whether a request that has failed is sent again, and when.</summary>
internal sealed class RequestRetries(MongoRetries retries, SessionState? state)
{
    private List<EndPoint>? _shunned;
    private int _overloads;

    /// <summary>How it has failed before; null: it has not.</summary>
    public Exception? First { get; private set; }

    /// <summary>Whether it was sent before.</summary>
    public bool IsRepeated { get; private set; }

    /// <summary>Those with which it has failed.</summary>
    public IReadOnlyCollection<EndPoint>? Shunned => _shunned;

    /// <summary>What becomes of it.</summary>
    /// <param name="error">How it has failed.</param>
    /// <param name="server">Where.</param>
    /// <param name="number">By which number the server knows it; 0: by none.</param>
    /// <param name="hello">What the server said on its connection; null: it had none.</param>
    /// <param name="draw">From 0 to below 1.</param>
    /// <returns>How long to wait before it is sent again; null: it is not.</returns>
    public TimeSpan? After(Exception error, MongoServer server, long number, MongoHello? hello, double draw)
    {
        TimeSpan wait;
        if (MongoRetry.IsOverload(error) && _overloads < MongoRetry.MostForOverload)
        {
            wait = MongoRetry.Wait(error, _overloads++, draw);
        }
        else if (!IsRepeated && IsWorthIt(error, number, hello))
        {
            wait = TimeSpan.Zero;
        }
        else
        {
            return null;
        }

        (First, IsRepeated) = (error, true);
        (_shunned ??= []).Add(server.EndPoint);
        return wait;
    }

    /// <summary>Why a reply that says yes is none yet: it is not as safe as was asked for, for a reason of the moment. Null: it is.</summary>
    public MongoErrorException? Refuses(RawBson reply, MongoHello hello)
    {
        if (retries != MongoRetries.Write || IsRepeated || reply["writeConcernError"u8] is not { Type: BsonType.Document } concern || !reply["writeErrors"u8].IsNull)
        {
            return null;
        }

        var error = MongoErrorException.OfConcern(reply, concern.ToDocument());
        return MongoRetry.IsWorthWriting(error, hello.MaxWireVersion, hello.IsRouter) ? error : null;
    }

    /// <summary>What is told: of several errors the one that says most.</summary>
    public Exception Told(Exception error) => error.HasLabel(MongoLabels.NoWrites) && First is not null ? First : error;

    /// <summary>Adds what the server could not say of an error.</summary>
    public void Label(Exception error, long number)
    {
        var isLost = MongoRetry.IsOfTheNetwork(error);
        if (state is { IsInTransaction: true })
        {
            if (isLost)
            {
                error.AddLabel(MongoLabels.TransientTransaction);
            }

            if (error.HasLabel(MongoLabels.TransientTransaction))
            {
                state.Unpin();
            }
        }
        else if (isLost && retries == MongoRetries.Write && number > 0)
        {
            error.AddLabel(MongoLabels.RetryableWrite);
        }
    }

    private bool IsWorthIt(Exception error, long number, MongoHello? hello) => state is not { IsInTransaction: true } && retries switch
    {
        MongoRetries.Read => MongoRetry.IsWorthReading(error),
        MongoRetries.Write => (number > 0 || hello is null) && MongoRetry.IsWorthWriting(error, hello?.MaxWireVersion ?? int.MaxValue, hello?.IsRouter ?? false),
        _ => false,
    };
}
