using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What updates make of documents.</summary>
internal static class Change
{
    /// <summary>A document as it is afterwards; the one before stays as it is.</summary>
    /// <param name="document">As it is before.</param>
    /// <param name="update">Names that begin with <c>$</c>, a document that takes its place, or stages of a pipeline.</param>
    /// <param name="isNew">Whether there was none.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="MongoErrorException">It cannot be done.</exception>
    public static BsonDocument Of(BsonDocument document, BsonValue update, bool isNew, DateTime now)
    {
        if (update is BsonArray stages)
        {
            return Pipeline.Run([(BsonDocument)document.DeepClone()], stages, static _ => []).Single();
        }

        var how = update.AsBsonDocument;
        if (how.ElementCount == 0 || how.GetElement(0).Name is not ['$', ..])
        {
            return Replaced(document, how);
        }

        var result = (BsonDocument)document.DeepClone();
        foreach (var verb in how)
        {
            foreach (var field in verb.Value is BsonDocument fields ? fields : throw Wrong($"Modifiers operate on fields but we found type {verb.Value.BsonType}"))
            {
                Do(result, verb.Name, field.Name, field.Value, isNew, now);
            }
        }

        return result.GetValue("_id", BsonNull.Value) is var id && document.Contains("_id") && !BsonOrder.AreEqual(id, document["_id"])
            ? throw new MongoErrorException("Performing an update on the path '_id' would modify the immutable field '_id'", 66, "ImmutableField")
            : result;
    }

    /// <summary>The document an upsert begins with: what its filter says is equal.</summary>
    public static BsonDocument Begun(BsonDocument filter)
    {
        var begun = new BsonDocument();
        foreach (var each in filter)
        {
            if (each.Name == "$and")
            {
                begun.Merge(new BsonDocument(each.Value.AsBsonArray.SelectMany(static part => Begun(part.AsBsonDocument))));
            }
            else if (each.Name is not ['$', ..] && (each.Value is not BsonDocument { ElementCount: > 0 } value || value.GetElement(0).Name is not ['$', ..]))
            {
                BsonPath.Set(begun, each.Name, each.Value);
            }
            else if (each.Name is not ['$', ..] && each.Value.AsBsonDocument.TryGetValue("$eq", out var equal))
            {
                BsonPath.Set(begun, each.Name, equal);
            }
        }

        return begun;
    }

    private static BsonDocument Replaced(BsonDocument document, BsonDocument by)
    {
        if (by.TryGetValue("_id", out var id) && document.TryGetValue("_id", out var before) && !BsonOrder.AreEqual(id, before))
        {
            throw new MongoErrorException("The _id field cannot be changed", 66, "ImmutableField");
        }

        var result = new BsonDocument();
        if (document.TryGetValue("_id", out var kept) || by.TryGetValue("_id", out kept))
        {
            result["_id"] = kept;
        }

        return result.Merge(by, overwriteExistingElements: false);
    }

    private static void Do(BsonDocument document, string verb, string path, BsonValue value, bool isNew, DateTime now)
    {
        var before = BsonPath.Get(document, path);
        switch (verb)
        {
            case "$set":
                BsonPath.Set(document, path, value);
                break;
            case "$setOnInsert" when !isNew:
                break;
            case "$setOnInsert":
                BsonPath.Set(document, path, value);
                break;
            case "$unset":
                BsonPath.Remove(document, path);
                break;
            case "$inc":
                BsonPath.Set(document, path, before is null ? value : Expression.Plus(before, value));
                break;
            case "$mul":
                BsonPath.Set(document, path, before is null ? Expression.Times(value, 0) : Expression.Times(before, value));
                break;
            case "$min" when before is null || BsonOrder.Instance.Compare(value, before) < 0:
            case "$max" when before is null || BsonOrder.Instance.Compare(value, before) > 0:
                BsonPath.Set(document, path, value);
                break;
            case "$min" or "$max":
                break;
            case "$rename" when before is not null:
                BsonPath.Remove(document, path);
                BsonPath.Set(document, value.AsString, before);
                break;
            case "$rename":
                break;
            case "$currentDate":
                BsonPath.Set(document, path, value is BsonDocument { ElementCount: 1 } type && type["$type"] == "timestamp" ? new BsonTimestamp((int)new DateTimeOffset(now).ToUnixTimeSeconds(), 1) : now);
                break;
            default:
                Array(document, verb, path, value, before);
                break;
        }
    }

    private static void Array(BsonDocument document, string verb, string path, BsonValue value, BsonValue? before)
    {
        if (verb is not ("$push" or "$addToSet" or "$pull" or "$pullAll" or "$pop"))
        {
            throw Wrong($"Unknown modifier: {verb}. Expected a valid update modifier or pipeline-style update specified as an array");
        }

        if (before is null && verb is "$pull" or "$pullAll" or "$pop")
        {
            return;
        }

        var array = before is null ? [] : before as BsonArray ?? throw Wrong($"The field '{path}' must be an array but is of type {before.BsonType}");
        BsonPath.Set(document, path, verb switch
        {
            "$push" => Pushed(array, value),
            "$addToSet" => new BsonArray(array.Concat(Each(value)).Distinct(BsonEquality.Instance)),
            "$pull" => Pulled(array, value),
            "$pullAll" => new BsonArray(array.Where(item => !value.AsBsonArray.Contains(item, BsonEquality.Instance))),
            _ => new BsonArray(value.ToInt32() < 0 ? array.Skip(1) : array.SkipLast(1)),
        });
    }

    private static BsonArray Each(BsonValue value) => value is BsonDocument document && document.TryGetValue("$each", out var each) ? each.AsBsonArray : [value];

    private static BsonArray Pushed(BsonArray array, BsonValue value)
    {
        var (result, options) = (array.ToList(), value is BsonDocument document && document.Contains("$each") ? document : []);
        result.InsertRange(options.TryGetValue("$position", out var position) ? Math.Clamp(position.ToInt32(), 0, result.Count) : result.Count, Each(value));
        if (options.TryGetValue("$sort", out var sort))
        {
            result = sort is BsonDocument keys
                ? [.. result.OrderBy(static item => item.AsBsonDocument, new DocumentOrder(keys))]
                : sort.ToInt32() < 0 ? [.. result.OrderDescending(BsonOrder.Instance)!] : [.. result.Order(BsonOrder.Instance)!];
        }

        if (options.TryGetValue("$slice", out var slice))
        {
            result = slice.ToInt32() < 0 ? [.. result.TakeLast(-slice.ToInt32())] : [.. result.Take(slice.ToInt32())];
        }

        return new(result);
    }

    private static BsonArray Pulled(BsonArray array, BsonValue value)
    {
        var isCondition = value is BsonDocument { ElementCount: > 0 } document && document.GetElement(0).Name is ['$', ..];
        var test = value is BsonDocument plain && !isCondition
            ? item => item is BsonDocument inner && Filter.Of(plain)(inner)
            : (Func<BsonValue, bool>)(item => Filter.Of(new BsonDocument("v", value))(new BsonDocument("v", item)));
        return new(array.Where(item => !test(item)));
    }

    private static MongoErrorException Wrong(string what) => new(what, 9, "FailedToParse");
}
