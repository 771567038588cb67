using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A resource record: what is said of a name, and for how long it may be remembered.</summary>
/// <remarks>Immutable. Two are equal when their names, types, classes, times and data are. One class for each type that is known, and
/// <see cref="UnknownRecord"/> for all others.</remarks>
public abstract class DnsRecord : IEquatable<DnsRecord>
{
    private uint _seconds;

    private protected DnsRecord(DnsName name, DnsType type, TimeSpan timeToLive)
    {
        if (timeToLive < TimeSpan.Zero || timeToLive.TotalSeconds > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(timeToLive), timeToLive, $"A time to live is from 0 to {uint.MaxValue} seconds.");
        }

        (Name, Type, _seconds) = (name, type, (uint)timeToLive.TotalSeconds);
    }

    private protected DnsRecord(DnsOwner owner) => (Name, Type, Class, _seconds) = (owner.Name, owner.Type, owner.Class, owner.Seconds);

    /// <summary>Whose record it is.</summary>
    public DnsName Name { get; private set; }

    /// <summary>What it holds.</summary>
    public DnsType Type { get; }

    /// <summary>Its class; nearly always <see cref="DnsClass.IN"/>.</summary>
    public DnsClass Class { get; init; } = DnsClass.IN;

    /// <summary>For how long it may be remembered: whole seconds, from 0 to 2³²-1, as they were sent.</summary>
    public TimeSpan TimeToLive => TimeSpan.FromSeconds(_seconds);

    /// <summary>Its data as it stands in a master file: <c>10 mail.example.</c></summary>
    public string Data => PrintData(new StringBuilder()).ToString();

    internal uint Seconds => _seconds;

    /// <summary>Reads one record as it stands in a master file: <c>example.com. 300 IN MX 10 mail.example.com.</c></summary>
    /// <param name="line">Name, time to live, class (may be left out) and type, then the data of that type, or <c>\# 2 0a0b</c> (RFC 3597). Names without a
    /// dot at the end are below the root.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="line"/> is null.</exception>
    /// <exception cref="FormatException">It is not one record.</exception>
    public static DnsRecord Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        DnsRecord? only = null;
        foreach (var record in MasterFile.Read(line, DnsName.Root))
        {
            only = only is null ? record : throw new FormatException("There is more than one record.");
        }

        return only ?? throw new FormatException("There is no record.");
    }

    /// <inheritdoc/>
    public bool Equals(DnsRecord? other) => other is not null && _seconds == other._seconds && IsAlike(other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as DnsRecord);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => HashCode.Combine(Name, Type);

    /// <summary>As it stands in a master file: name, seconds, class, type and data, parted by tabs.</summary>
    public sealed override string ToString() => PrintData(new StringBuilder()
        .Append(Name.ToString()).Append('\t').Append(_seconds, '\t').Append(Class.Print()).Append('\t').Append(Type.Print()).Append('\t')).ToString();

    /// <summary>Whether it says the same, for whatever time.</summary>
    internal bool IsAlike(DnsRecord other) =>
        Type == other.Type && Class == other.Class && Name == other.Name && Wire().SequenceEqual(other.Wire());

    /// <summary>The same of another name (a wildcard's), or for another time.</summary>
    internal DnsRecord With(DnsName? name = null, uint? seconds = null)
    {
        if ((name ?? Name).Equals(Name) && (seconds ?? _seconds) == _seconds)
        {
            return this;
        }

        var copy = (DnsRecord)MemberwiseClone();
        (copy.Name, copy._seconds) = (name ?? Name, seconds ?? _seconds);
        return copy;
    }

    /// <summary>Writes the whole record.</summary>
    internal void Write(DnsWriter writer)
    {
        writer.ShortName(Name);
        writer.U16((ushort)Type);
        writer.U16((ushort)Class);
        writer.U32(_seconds);
        var length = writer.Length;
        writer.U16(0);
        WriteData(writer);
        writer.U16At(length, writer.Length - length - 2);
    }

    internal abstract void WriteData(DnsWriter writer);

    internal abstract StringBuilder PrintData(StringBuilder text);

    /// <summary>Its data, without pointers to other places.</summary>
    internal byte[] Wire()
    {
        var writer = new DnsWriter(shortens: false);
        WriteData(writer);
        return writer.Written.ToArray();
    }
}

/// <summary>What all records have.</summary>
internal readonly record struct DnsOwner(DnsName Name, DnsType Type, DnsClass Class, uint Seconds);
