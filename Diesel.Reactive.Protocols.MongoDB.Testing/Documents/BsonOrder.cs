using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>The order of values: by the kind first, numbers of all kinds together.</summary>
/// <remarks>Source: MongoDB's manual, "Comparison/Sort Order".</remarks>
internal sealed class BsonOrder : IComparer<BsonValue?>
{
    public static BsonOrder Instance { get; } = new();

    /// <summary>Which kinds are compared with one another.</summary>
    public static int Kind(BsonValue? value) => value?.BsonType switch
    {
        null => 2,
        BsonType.MinKey => 1,
        BsonType.Undefined or BsonType.Null => 2,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => 3,
        BsonType.String or BsonType.Symbol => 4,
        BsonType.Document => 5,
        BsonType.Array => 6,
        BsonType.Binary => 7,
        BsonType.ObjectId => 8,
        BsonType.Boolean => 9,
        BsonType.DateTime => 10,
        BsonType.Timestamp => 11,
        BsonType.RegularExpression => 12,
        BsonType.MaxKey => 15,
        _ => 13,
    };

    public static bool AreEqual(BsonValue? one, BsonValue? other) => Instance.Compare(one, other) == 0;

    public int Compare(BsonValue? x, BsonValue? y)
    {
        var kinds = Kind(x).CompareTo(Kind(y));
        return kinds != 0 || Kind(x) is 1 or 2 or 15 ? kinds : (x, y) switch
        {
            (BsonString one, BsonString other) => string.CompareOrdinal(one.Value, other.Value),
            (BsonDocument one, BsonDocument other) => Documents(one, other),
            (BsonArray one, BsonArray other) => Arrays(one, other),
            _ when Kind(x) == 3 => Numbers(x!, y!),
            _ => x!.CompareTo(y),
        };
    }

    private static int Numbers(BsonValue one, BsonValue other) => one.BsonType switch
    {
        BsonType.Int32 or BsonType.Int64 when other.BsonType is BsonType.Int32 or BsonType.Int64 => one.ToInt64().CompareTo(other.ToInt64()),
        _ when one.IsDecimal128 || other.IsDecimal128 => one.ToDecimal128().CompareTo(other.ToDecimal128()),
        _ => one.ToDouble().CompareTo(other.ToDouble()),
    };

    private static int Arrays(BsonArray one, BsonArray other)
    {
        for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (Instance.Compare(one[i], other[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return one.Count.CompareTo(other.Count);
    }

    private static int Documents(BsonDocument one, BsonDocument other)
    {
        for (var i = 0; i < Math.Min(one.ElementCount, other.ElementCount); i++)
        {
            var (left, right) = (one.GetElement(i), other.GetElement(i));
            var order = Kind(left.Value).CompareTo(Kind(right.Value));
            order = order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
            order = order != 0 ? order : Instance.Compare(left.Value, right.Value);
            if (order != 0)
            {
                return order;
            }
        }

        return one.ElementCount.CompareTo(other.ElementCount);
    }
}

/// <summary>Documents in the order of some of their values.</summary>
internal sealed class DocumentOrder(BsonDocument keys) : IComparer<BsonDocument>
{
    public int Compare(BsonDocument? x, BsonDocument? y)
    {
        foreach (var key in keys)
        {
            var downwards = key.Value.ToInt32() < 0;
            var order = BsonOrder.Instance.Compare(Key(x!, key.Name, downwards), Key(y!, key.Name, downwards));
            if (order != 0)
            {
                return downwards ? -order : order;
            }
        }

        return 0;
    }

    // Of an array the least counts, or downwards the greatest.
    private static BsonValue? Key(BsonDocument document, string path, bool downwards)
    {
        var values = BsonPath.Values(document, path).SelectMany(static value => value is BsonArray { Count: > 0 } array ? array : (IEnumerable<BsonValue?>)[value]);
        return downwards ? values.Max(BsonOrder.Instance) : values.Min(BsonOrder.Instance);
    }
}

/// <summary>Values that are equal in this order, for tables.</summary>
internal sealed class BsonEquality : IEqualityComparer<BsonValue>
{
    public static BsonEquality Instance { get; } = new();

    public bool Equals(BsonValue? x, BsonValue? y) => BsonOrder.AreEqual(x, y);

    // Numbers of all kinds together.
    public int GetHashCode(BsonValue obj) => BsonOrder.Kind(obj) switch
    {
        3 => obj.IsInt32 || obj.IsInt64 ? ((double)obj.ToInt64()).GetHashCode() : obj.ToDouble().GetHashCode(),
        4 => string.GetHashCode(obj.ToString(), StringComparison.Ordinal),
        5 => OfAll(obj.AsBsonDocument.Values),
        6 => OfAll(obj.AsBsonArray),
        >= 7 and <= 11 => obj.GetHashCode(),
        var kind => kind,
    };

    // The keys of an index are arrays: were theirs the same, each insert would go through all that is there.
    private int OfAll(IEnumerable<BsonValue> values)
    {
        var hash = default(HashCode);
        foreach (var value in values)
        {
            hash.Add(GetHashCode(value));
        }

        return hash.ToHashCode();
    }
}
