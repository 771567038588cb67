using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Parts of documents.</summary>
internal static class Projection
{
    public static Func<BsonDocument, BsonDocument> Of(BsonDocument projection)
    {
        if (projection.ElementCount == 0)
        {
            return static document => document;
        }

        var others = projection.Where(static each => each.Name != "_id").ToArray();
        var takes = others.Length == 0 ? IsTaken(projection["_id"]) : others.Any(static each => IsTaken(each.Value));
        return takes ? document => Taken(document, projection) : document => Without(document, projection);
    }

    private static bool IsTaken(BsonValue value) => value switch
    {
        BsonBoolean truth => truth.Value,
        { IsNumeric: true } => value.ToDouble() != 0,
        BsonDocument slice when slice.Contains("$slice") => false,
        _ => true,
    };

    private static BsonDocument Taken(BsonDocument document, BsonDocument projection)
    {
        var result = new BsonDocument();
        if (document.TryGetValue("_id", out var id) && (!projection.TryGetValue("_id", out var wanted) || IsTaken(wanted)))
        {
            result["_id"] = projection.TryGetValue("_id", out var expression) && !(expression.IsBoolean || expression.IsNumeric) ? Expression.Of(expression, document) ?? BsonNull.Value : id;
        }
        else if (projection.TryGetValue("_id", out var made) && !(made.IsBoolean || made.IsNumeric) && Expression.Of(made, document) is { } value)
        {
            result["_id"] = value;
        }

        // In the order of the document; what is made anew comes last.
        var plain = projection.Where(static each => each.Name != "_id" && (each.Value.IsBoolean || each.Value.IsNumeric)).Select(static each => each.Name.Split('.')).ToArray();
        Copy(document, result, plain, 0);
        foreach (var each in projection.Where(static each => each.Name != "_id" && !(each.Value.IsBoolean || each.Value.IsNumeric)))
        {
            if (Made(document, each) is { } value)
            {
                BsonPath.Set(result, each.Name, value);
            }
        }

        return result;
    }

    private static BsonValue? Made(BsonDocument document, BsonElement each)
    {
        if (each.Value is BsonDocument match && match.TryGetValue("$elemMatch", out var condition))
        {
            var test = Filter.Of(new BsonDocument("v", new BsonDocument("$elemMatch", condition)));
            return (BsonPath.Value(document, each.Name) as BsonArray)?.FirstOrDefault(item => test(new BsonDocument("v", new BsonArray { item }))) is { } found ? new BsonArray { found } : null;
        }

        return Expression.Of(each.Value, document);
    }

    private static void Copy(BsonDocument from, BsonDocument to, string[][] paths, int depth)
    {
        foreach (var element in from)
        {
            var matching = Array.FindAll(paths, path => path.Length > depth && path[depth] == element.Name);
            if (matching.Length == 0 || (depth == 0 && element.Name == "_id"))
            {
                continue;
            }

            if (Array.Exists(matching, path => path.Length == depth + 1))
            {
                to[element.Name] = element.Value;
            }
            else if (Inner(element.Value, matching, depth + 1) is { } inner)
            {
                to[element.Name] = inner;
            }
        }
    }

    private static BsonValue? Inner(BsonValue value, string[][] paths, int depth)
    {
        switch (value)
        {
            case BsonDocument document:
                var copy = new BsonDocument();
                Copy(document, copy, paths, depth);
                return copy;
            case BsonArray array:
                return new BsonArray(array.Select(item => Inner(item, paths, depth)).OfType<BsonValue>());
            default:
                return null;
        }
    }

    private static BsonDocument Without(BsonDocument document, BsonDocument projection)
    {
        var result = (BsonDocument)document.DeepClone();
        foreach (var each in projection)
        {
            if (each.Value is BsonDocument slice)
            {
                Slice(result, each.Name, slice["$slice"]);
            }
            else if (!IsTaken(each.Value))
            {
                Remove(result, each.Name.Split('.'), 0);
            }
        }

        return result;
    }

    private static void Remove(BsonValue at, string[] path, int depth)
    {
        if (at is BsonArray array)
        {
            foreach (var item in array)
            {
                Remove(item, path, depth);
            }
        }
        else if (at is BsonDocument document && depth == path.Length - 1)
        {
            document.Remove(path[depth]);
        }
        else if (at is BsonDocument owner && owner.TryGetValue(path[depth], out var inner))
        {
            Remove(inner, path, depth + 1);
        }
    }

    private static void Slice(BsonDocument document, string path, BsonValue how)
    {
        if (BsonPath.Get(document, path) is BsonArray array)
        {
            var (skip, count) = how is BsonArray two ? (two[0].ToInt32(), two[1].ToInt32()) : how.ToInt32() < 0 ? (how.ToInt32(), int.MaxValue) : (0, how.ToInt32());
            skip = skip < 0 ? Math.Max(0, array.Count + skip) : skip;
            BsonPath.Set(document, path, new BsonArray(array.Skip(skip).Take(count)));
        }
    }
}
