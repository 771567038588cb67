using System.Buffers;
using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A command, and what the reply to it means.</summary>
/// <typeparam name="T">What the caller gets.</typeparam>
internal sealed class MongoRequest<T>
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

    /// <summary>Whether it may be sent again when nobody knows whether it was carried out.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether the server may be told how much time is left.</summary>
    public bool TellsTime { get; init; } = true;

    /// <summary>Whether the server answers.</summary>
    public bool IsAnswered { get; init; } = true;

    public ReadPreference ReadPreference { get; init; } = ReadPreference.Primary;

    public override string ToString() => Collection is null ? $"{Name} of {Database}" : $"{Name} of {Database}.{Collection}";

    /// <summary>Writes the whole message.</summary>
    /// <param name="output">Takes it.</param>
    /// <param name="id">Its number.</param>
    /// <param name="connection">Where it goes.</param>
    /// <param name="left">How much time is left.</param>
    /// <exception cref="ArgumentException">It is larger than the server takes.</exception>
    public void Write(IBufferWriter<byte> output, int id, MongoConnection connection, TimeSpan left)
    {
        var written = BsonOutput.Rent();
        try
        {
            Message(written, id, connection.Hello, left);
            MongoCompression.Copy(written.Written, connection.Compressor, output);
        }
        finally
        {
            written.Return();
        }
    }

    private void Message(BsonOutput written, int id, MongoHello hello, TimeSpan left)
    {
        written.Int32(0);
        written.Int32(id);
        written.Int32(0);
        written.Int32((int)MongoOperation.Message);
        written.Int32(IsAnswered ? 0 : (int)MongoFlags.MoreToCome);
        written.Byte(0);
        var body = written.Begin();
        written.Bytes(Elements);
        written.Add("$db", Database);
        if (ReadPreference.Mode != ReadMode.Primary && (hello.IsRouter || hello.IsMember))
        {
            written.Add("$readPreference", ReadPreference.ToDocument());
        }

        if (TellsTime && left != System.Threading.Timeout.InfiniteTimeSpan)
        {
            written.Add("maxTimeMS", Math.Max(1, (long)left.TotalMilliseconds));
        }

        written.End(body);
        Within(written.Length - body, hello.MaxDocument + (16 * 1024), "command");
        WriteSection(written, hello);
        Within(written.Length, hello.MaxMessage, "message");
        written.Patch(0, written.Length);
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

    private void Within(int length, int most, string what)
    {
        if (length > most)
        {
            throw new ArgumentException($"A {what} of {length} bytes was to be sent with {this}: the server takes {most} at most.");
        }
    }
}
