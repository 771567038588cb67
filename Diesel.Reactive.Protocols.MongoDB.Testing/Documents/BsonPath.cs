using System.Globalization;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Values by names that are parted by points; an array is gone through, unless a number says which of it.</summary>
internal static class BsonPath
{
    /// <summary>The values a query finds there; null: there is none.</summary>
    public static IEnumerable<BsonValue?> Values(BsonValue? at, string path) => path.Contains('.', StringComparison.Ordinal)
        ? Values(at, path.Split('.'), 0)
        : at is BsonDocument document ? [Of(document, path)] : Values(at, [path], 0);

    /// <summary>The value of an expression's <c>$path</c>: of an array one of each; null: there is none.</summary>
    public static BsonValue? Value(BsonValue? at, string path)
    {
        foreach (var (name, rest) in Steps(path))
        {
            if (at is BsonArray array)
            {
                var joined = rest.Length == 0 ? name : $"{name}.{rest}";
                return new BsonArray(array.Select(item => Value(item, joined)).OfType<BsonValue>());
            }

            at = at is BsonDocument document ? Of(document, name) : null;
        }

        return at;
    }

    /// <summary>Sets a value, and makes the documents on the way to it.</summary>
    /// <exception cref="MongoErrorException">What is on the way is something else.</exception>
    public static void Set(BsonDocument document, string path, BsonValue value)
    {
        var (parent, name) = Parent(document, path, make: true);
        switch (parent)
        {
            case BsonDocument inner:
                inner[name] = value;
                break;
            case BsonArray array when Index(name) is { } index:
                while (array.Count <= index)
                {
                    array.Add(BsonNull.Value);
                }

                array[index] = value;
                break;
            default:
                throw new MongoErrorException($"Cannot create field '{name}' in element {{{path}}}", 28, "PathNotViable");
        }
    }

    /// <summary>The value an update finds there; null: there is none.</summary>
    public static BsonValue? Get(BsonDocument document, string path) => Parent(document, path, make: false) switch
    {
        (BsonDocument inner, var name) => Of(inner, name),
        (BsonArray array, var name) when Index(name) is { } index && index < array.Count => array[index],
        _ => null,
    };

    public static void Remove(BsonDocument document, string path)
    {
        switch (Parent(document, path, make: false))
        {
            case (BsonDocument inner, var name):
                inner.Remove(name);
                break;
            case (BsonArray array, var name) when Index(name) is { } index && index < array.Count:
                array[index] = BsonNull.Value;
                break;
        }
    }

    private static BsonValue? Of(BsonDocument document, string name) => document.TryGetValue(name, out var value) ? value : null;

    private static IEnumerable<BsonValue?> Values(BsonValue? at, string[] path, int from)
    {
        if (from == path.Length)
        {
            return [at];
        }

        return at switch
        {
            BsonDocument document => Values(Of(document, path[from]), path, from + 1),
            BsonArray array => (Index(path[from]) is { } index && index < array.Count ? Values(array[index], path, from + 1) : [])
                .Concat(array.OfType<BsonDocument>().SelectMany(item => Values(item, path, from))).DefaultIfEmpty(null),
            _ => [null],
        };
    }

    private static IEnumerable<(string Name, string Behind)> Steps(string path)
    {
        while (path.Length > 0)
        {
            var point = path.IndexOf('.', StringComparison.Ordinal);
            var (name, rest) = point < 0 ? (path, "") : (path[..point], path[(point + 1)..]);
            yield return (name, rest);
            path = rest;
        }
    }

    private static (BsonValue? Parent, string Name) Parent(BsonDocument document, string path, bool make)
    {
        BsonValue? at = document;
        foreach (var (name, rest) in Steps(path))
        {
            if (rest.Length == 0)
            {
                return (at, name);
            }

            var next = at switch
            {
                BsonDocument inner => Of(inner, name),
                BsonArray array when Index(name) is { } index && index < array.Count => array[index],
                _ => null,
            };
            if (next is null && make && at is BsonDocument owner)
            {
                owner[name] = next = new BsonDocument();
            }

            at = next;
        }

        return (at, path);
    }

    private static int? Index(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
