using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary><c>$group</c>.</summary>
internal static class Grouping
{
    public static IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents, BsonDocument how)
    {
        foreach (var group in documents.GroupBy(document => Expression.Of(how["_id"], document) ?? BsonNull.Value, BsonEquality.Instance))
        {
            var all = group.ToArray();
            var result = new BsonDocument("_id", group.Key);
            foreach (var field in how.Where(static each => each.Name != "_id"))
            {
                var call = field.Value is BsonDocument { ElementCount: 1 } one ? one.GetElement(0) : throw new MongoErrorException($"The field '{field.Name}' must be an accumulator object", 40234, "Location40234");
                result.Add(field.Name, Accumulated(call.Name, all.Select(document => Expression.Of(call.Value, document))));
            }

            yield return result;
        }
    }

    private static BsonValue Accumulated(string name, IEnumerable<BsonValue?> values) => name switch
    {
        "$sum" => Expression.Sum(values),
        "$count" => values.Count(),
        "$avg" => Expression.Average(values),
        "$min" => values.Where(static value => value is not (null or BsonNull)).Min(BsonOrder.Instance) ?? BsonNull.Value,
        "$max" => values.Where(static value => value is not (null or BsonNull)).Max(BsonOrder.Instance) ?? BsonNull.Value,
        "$first" => values.First() ?? BsonNull.Value,
        "$last" => values.Last() ?? BsonNull.Value,
        "$push" => new BsonArray(values.OfType<BsonValue>()),
        "$addToSet" => new BsonArray(values.OfType<BsonValue>().Distinct(BsonEquality.Instance)),
        _ => throw new MongoErrorException($"unknown group operator '{name}'", 15952, "Location15952"),
    };
}
