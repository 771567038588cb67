using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What stages make of documents, one after the other.</summary>
internal static class Pipeline
{
    /// <param name="documents">Of the collection.</param>
    /// <param name="stages">In order, without <c>$out</c> and <c>$merge</c>.</param>
    /// <param name="others">The documents of another collection, for <c>$lookup</c>.</param>
    /// <exception cref="MongoErrorException">There is one that is not known here.</exception>
    public static IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents, BsonArray stages, Func<string, IEnumerable<BsonDocument>> others)
    {
        foreach (var stage in stages.Select(static stage => stage.AsBsonDocument))
        {
            if (stage.ElementCount != 1)
            {
                throw new MongoErrorException("A pipeline stage specification object must contain exactly one field.", 40323, "Location40323");
            }

            documents = Stage(documents, stage.GetElement(0), others);
        }

        return documents;
    }

    private static IEnumerable<BsonDocument> Stage(IEnumerable<BsonDocument> documents, BsonElement stage, Func<string, IEnumerable<BsonDocument>> others) => stage.Name switch
    {
        "$match" => documents.Where(Filter.Of(stage.Value.AsBsonDocument)),
        "$sort" => documents.Order(new DocumentOrder(stage.Value.AsBsonDocument)),
        "$skip" => documents.Skip(stage.Value.ToInt32()),
        "$limit" => documents.Take(stage.Value.ToInt32()),
        "$project" => documents.Select(Projection.Of(stage.Value.AsBsonDocument)),
        "$set" or "$addFields" => documents.Select(document => Set(document, stage.Value.AsBsonDocument)),
        "$unset" => documents.Select(Projection.Of(new BsonDocument((stage.Value as BsonArray ?? [stage.Value]).Select(static name => new BsonElement(name.AsString, 0))))),
        "$unwind" => documents.SelectMany(document => Unwound(document, stage.Value)),
        "$group" => Grouping.Run(documents, stage.Value.AsBsonDocument),
        "$count" => Counted(documents, stage.Value.AsString),
        "$lookup" => documents.Select(document => Joined(document, stage.Value.AsBsonDocument, others)),
        "$replaceRoot" => documents.Select(document => Expression.Of(stage.Value["newRoot"], document)!.AsBsonDocument),
        "$replaceWith" => documents.Select(document => Expression.Of(stage.Value, document)!.AsBsonDocument),
        "$sortByCount" => Grouping.Run(documents, new BsonDocument { { "_id", stage.Value }, { "count", new BsonDocument("$sum", 1) } }).Order(new DocumentOrder(new BsonDocument("count", -1))),
        _ => throw new MongoErrorException($"Unrecognized pipeline stage name: '{stage.Name}'", 40324, "Location40324"),
    };

    private static BsonDocument Set(BsonDocument document, BsonDocument fields)
    {
        var result = (BsonDocument)document.DeepClone();
        foreach (var field in fields)
        {
            if (Expression.Of(field.Value, document) is { } value)
            {
                BsonPath.Set(result, field.Name, value);
            }
            else
            {
                BsonPath.Remove(result, field.Name);
            }
        }

        return result;
    }

    private static IEnumerable<BsonDocument> Unwound(BsonDocument document, BsonValue how)
    {
        var options = how as BsonDocument ?? new BsonDocument("path", how);
        var path = options["path"].AsString[1..];
        var value = BsonPath.Value(document, path);
        if (value is not BsonArray { Count: > 0 } array)
        {
            return value is not (null or BsonNull or BsonArray) || options.GetValue("preserveNullAndEmptyArrays", false).ToBoolean() ? [document] : [];
        }

        return array.Select((item, index) =>
        {
            var copy = (BsonDocument)document.DeepClone();
            BsonPath.Set(copy, path, item);
            return options.TryGetValue("includeArrayIndex", out var name) ? copy.Set(name.AsString, (long)index) : copy;
        });
    }

    private static IEnumerable<BsonDocument> Counted(IEnumerable<BsonDocument> documents, string name) => documents.Count() is > 0 and var count ? [new BsonDocument(name, count)] : [];

    private static BsonDocument Joined(BsonDocument document, BsonDocument how, Func<string, IEnumerable<BsonDocument>> others)
    {
        var wanted = BsonPath.Value(document, how["localField"].AsString) ?? BsonNull.Value;
        var test = Filter.Of(new BsonDocument(how["foreignField"].AsString, wanted is BsonArray several ? new BsonDocument("$in", several) : new BsonDocument("$eq", wanted)));
        var result = (BsonDocument)document.DeepClone();
        BsonPath.Set(result, how["as"].AsString, new BsonArray(others(how["from"].AsString).Where(test)));
        return result;
    }
}
