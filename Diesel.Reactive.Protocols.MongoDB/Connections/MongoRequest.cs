using System.Buffers;
using System.Net;
using System.Text;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A command, and what the reply to it means.</summary>
/// <typeparam name="T">What the caller gets.</typeparam>
internal sealed record MongoRequest<T>
{
    /// <summary>Its first name: <c>find</c>.</summary>
    public required string Name { get; init; }

    public required string Database { get; init; }

    /// <summary>What it is about; null: a database, or none.</summary>
    public string? Collection { get; init; }

    /// <summary>Its names and values, without the length before and the zero behind them.</summary>
    public required byte[] Elements { get; init; }

    /// <summary>Documents it takes.</summary>
    public MongoSection? Section { get; init; }

    /// <summary>What a reply means that says yes.</summary>
    public required Func<RawBson, T> Read { get; init; }

    /// <summary>How long all of it may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether it is sent again when it has failed for a reason of the moment.</summary>
    public MongoRetries Retries { get; init; }

    /// <summary>Whether the server may be told how much time is left.</summary>
    public bool TellsTime { get; init; } = true;

    /// <summary>Whether the server answers.</summary>
    public bool IsAnswered { get; init; } = true;

    /// <summary>Where it may read; null: it goes where one writes.</summary>
    public ReadPreference? ReadPreference { get; init; }

    /// <summary>How certain what is read has to be; null: it does not read, or as the server says.</summary>
    public ReadConcern? ReadConcern { get; init; }

    /// <summary>Whether the server knows a read concern of it.</summary>
    public bool HasReadConcern { get; init; }

    /// <summary>When it counts as written; null: it does not write, or as the server says.</summary>
    public WriteConcern? WriteConcern { get; init; }

    /// <summary>With what it is sent; null: with a session of its own, where there are some.</summary>
    public SessionState? Session { get; init; }

    /// <summary>Is told who has answered.</summary>
    public Action<EndPoint>? Answered { get; init; }

    /// <summary>Whether it ends a transaction.</summary>
    public bool EndsTransaction { get; init; }

    /// <summary>The server that alone knows what it is about; null: whichever suits.</summary>
    public EndPoint? Server { get; init; }

    /// <summary>The connection that alone knows what it is about, or will; null: whichever is free.</summary>
    public MongoPin? Pin { get; init; }

    /// <summary>Whether the server may answer several times.</summary>
    public bool TakesSeveral { get; init; }

    /// <summary>Whether it belongs to a transaction.</summary>
    public bool IsOfTransaction => EndsTransaction || Session is { IsInTransaction: true };

    /// <summary>The connection it has to be sent on; null: any. What comes after a transaction leaves that of the transaction.</summary>
    /// <param name="isBalanced">Whether there is a balancer: behind one a transaction is known on its connection alone.</param>
    public MongoPin? PinOf(bool isBalanced)
    {
        if (IsOfTransaction)
        {
            return isBalanced && Session is not null ? (MongoPin)(Session.Pin ??= new MongoPin()) : Pin;
        }

        Session?.Unpin();
        return Pin;
    }

    public override string ToString() => Collection is null ? $"{Name} of {Database}" : $"{Name} of {Database}.{Collection}";

    /// <summary>Writes the whole message.</summary>
    /// <param name="output">Takes it.</param>
    /// <param name="sending">What is said along.</param>
    /// <exception cref="ArgumentException">It is larger than the server takes.</exception>
    public void Write(IBufferWriter<byte> output, in MongoSending sending)
    {
        var written = BsonOutput.Rent(Elements.Length + LengthOfSection());
        try
        {
            Message(written, sending);
            MongoCompression.Copy(written.Written, sending.Connection.Compressor, output);
        }
        finally
        {
            written.Return();
        }
    }

    private void Message(BsonOutput written, in MongoSending sending)
    {
        var hello = sending.Connection.Hello;
        written.Int32(0);
        written.Int32(sending.Id);
        written.Int32(0);
        written.Int32((int)MongoOperation.Message);
        written.Int32((int)(TakesSeveral ? MongoFlags.ExhaustAllowed : IsAnswered ? MongoFlags.None : MongoFlags.MoreToCome));
        written.Byte(0);
        var body = written.Begin();
        written.Bytes(Elements);
        WriteSession(written, sending);
        WriteConcerns(written, sending);
        written.Add("$db", Database);
        if (sending.Preference is { } preference)
        {
            written.Add("$readPreference", preference.ToDocument());
        }

        if (TellsTime && sending.Left != System.Threading.Timeout.InfiniteTimeSpan)
        {
            written.Add("maxTimeMS", Math.Max(1, (long)sending.Left.TotalMilliseconds));
        }

        written.End(body);
        Within(written.Length - body, hello.MaxDocument + (16 * 1024), "command");
        WriteSection(written, hello);
        Within(written.Length, hello.MaxMessage, "message");
        written.Patch(0, written.Length);
    }

    private void WriteSession(BsonOutput written, in MongoSending sending)
    {
        if (sending.Session is { } session)
        {
            written.Add("lsid", session.Id);
        }

        if (sending.TransactionNumber > 0)
        {
            written.Add("txnNumber", sending.TransactionNumber);
        }

        if (sending.IsFirst)
        {
            written.Add("startTransaction", true);
        }

        if (sending.State is { IsInTransaction: true } || EndsTransaction)
        {
            written.Add("autocommit", false);
        }

        if (sending.ClusterTime is { } time)
        {
            written.Add("$clusterTime", time);
        }
    }

    // Within a transaction its first command says how certain reading is, and its last how safe writing.
    private void WriteConcerns(BsonOutput written, in MongoSending sending)
    {
        var isWithin = sending.State is { IsInTransaction: true };
        var (reads, level) = isWithin ? (sending.IsFirst, sending.State!.Transaction.ReadConcern) : (HasReadConcern, ReadConcern);
        var after = reads && sending.State is { IsCausal: true, OperationTime: { } time } ? new BsonTimestamp(time) : null;
        if (reads && (level ?? (object?)after) is not null)
        {
            written.Add("readConcern", new BsonDocument { { "level", level?.Level ?? "", level is not null }, { "afterClusterTime", () => after!, after is not null } });
        }

        if ((!isWithin || EndsTransaction) && sending.Concern?.ToDocument() is { ElementCount: > 0 } concern)
        {
            written.Add("writeConcern", concern);
        }
    }

    private void WriteSection(BsonOutput written, MongoHello hello)
    {
        if (Section is not { } section)
        {
            return;
        }

        written.Byte(1);
        var begin = written.Length;
        written.Int32(0);
        written.Bytes(Encoding.UTF8.GetBytes(section.Name));
        written.Byte(0);
        var most = section.Name == "documents" ? hello.MaxDocument : hello.MaxDocument + (16 * 1024);
        foreach (var document in section.Documents)
        {
            Within(document.Memory.Length, most, "document");
            written.Bytes(document.Memory.Span);
        }

        written.Patch(begin, written.Length - begin);
    }

    private int LengthOfSection()
    {
        var length = 0L;
        for (var i = 0; i < Section?.Documents.Count; i++)
        {
            length += Section.Documents[i].Memory.Length;
        }

        return (int)Math.Min(length, MongoCodec.MaxLength);
    }

    private void Within(int length, int most, string what)
    {
        if (length > most)
        {
            throw new ArgumentException($"A {what} of {length} bytes was to be sent with {this}: the server takes {most} at most.");
        }
    }
}
