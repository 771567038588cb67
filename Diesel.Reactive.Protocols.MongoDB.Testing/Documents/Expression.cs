using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What an expression of a pipeline comes to.</summary>
internal static class Expression
{
    /// <summary>Of a document; null: there is no such value.</summary>
    /// <exception cref="MongoErrorException">It has something that is not known here.</exception>
    public static BsonValue? Of(BsonValue expression, BsonDocument document) => expression switch
    {
        BsonString { Value: "$$ROOT" or "$$CURRENT" } => document,
        BsonString { Value: "$$REMOVE" } => null,
        BsonString { Value: ['$', '$', 'R', 'O', 'O', 'T', '.', .. var path] } => BsonPath.Value(document, path),
        BsonString { Value: ['$', '$', ..] } variable => throw Unknown($"Use of undefined variable: {variable.Value[2..]}"),
        BsonString { Value: ['$', .. var path] } => BsonPath.Value(document, path),
        BsonDocument { ElementCount: 1 } one when one.GetElement(0) is { Name: ['$', ..] } call => Call(call.Name, call.Value, document),
        BsonDocument parts => new BsonDocument(parts.Select(part => (part.Name, Value: Of(part.Value, document))).Where(static part => part.Value is not null).Select(static part => new BsonElement(part.Name, part.Value))),
        BsonArray array => new BsonArray(array.Select(item => Of(item, document) ?? BsonNull.Value)),
        _ => expression,
    };

    public static bool IsTrue(BsonValue? value) => value switch
    {
        null or BsonNull or BsonUndefined => false,
        BsonBoolean truth => truth.Value,
        { IsNumeric: true } => value.ToDouble() != 0,
        _ => true,
    };

    /// <summary>The sum of what are numbers; whole as long as all are.</summary>
    public static BsonValue Sum(IEnumerable<BsonValue?> values) => values.Where(static value => value is { IsNumeric: true }).Aggregate((BsonValue)0, static (sum, value) => Plus(sum, value!));

    public static BsonValue Average(IEnumerable<BsonValue?> values) =>
        values.Where(static value => value is { IsNumeric: true }).Select(static value => value!.ToDouble()).DefaultIfEmpty(double.NaN).Average() is var average && double.IsNaN(average) ? BsonNull.Value : average;

    public static BsonValue Plus(BsonValue one, BsonValue other) => Number(one, other, static (a, b) => checked(a + b), static (a, b) => a + b, static (a, b) => a + b);

    public static BsonValue Times(BsonValue one, BsonValue other) => Number(one, other, static (a, b) => checked(a * b), static (a, b) => a * b, static (a, b) => a * b);

    private static BsonValue? Call(string name, BsonValue argument, BsonDocument document)
    {
        if (name == "$literal")
        {
            return argument;
        }

        if (name == "$cond")
        {
            var (test, yes, no) = argument is BsonArray three ? (three[0], three[1], three[2]) : (argument["if"], argument["then"], argument["else"]);
            return Of(IsTrue(Of(test, document)) ? yes : no, document);
        }

        var values = (argument as BsonArray ?? [argument]).Select(each => Of(each, document)).ToArray();
        return name switch
        {
            "$add" => values.Any(IsNothing) ? BsonNull.Value : values.Aggregate((BsonValue)0, static (sum, value) => Plus(sum, value!)),
            "$subtract" => values.Any(IsNothing) ? BsonNull.Value : Plus(values[0]!, Times(values[1]!, -1)),
            "$multiply" => values.Any(IsNothing) ? BsonNull.Value : values.Aggregate((BsonValue)1, static (product, value) => Times(product, value!)),
            "$divide" => values.Any(IsNothing) ? BsonNull.Value : values[0]!.ToDouble() / values[1]!.ToDouble(),
            "$mod" => values.Any(IsNothing) ? BsonNull.Value : values[0]!.ToInt64() % values[1]!.ToInt64(),
            "$concat" => values.Any(IsNothing) ? BsonNull.Value : string.Concat(values.Select(static value => value!.AsString)),
            "$toUpper" => values[0] is BsonString text ? text.Value.ToUpperInvariant() : "",
            "$toLower" => values[0] is BsonString text ? text.Value.ToLowerInvariant() : "",
            "$toString" => IsNothing(values[0]) ? BsonNull.Value : values[0]!.ToString(),
            "$strLenCP" => values[0]!.AsString.EnumerateRunes().Count(),
            "$eq" => BsonOrder.AreEqual(values[0], values[1]),
            "$ne" => !BsonOrder.AreEqual(values[0], values[1]),
            "$gt" => BsonOrder.Instance.Compare(values[0], values[1]) > 0,
            "$gte" => BsonOrder.Instance.Compare(values[0], values[1]) >= 0,
            "$lt" => BsonOrder.Instance.Compare(values[0], values[1]) < 0,
            "$lte" => BsonOrder.Instance.Compare(values[0], values[1]) <= 0,
            "$and" => values.All(IsTrue),
            "$or" => values.Any(IsTrue),
            "$not" => !IsTrue(values[0]),
            "$ifNull" => values.FirstOrDefault(static value => !IsNothing(value)) ?? values[^1],
            "$size" => values[0] is BsonArray array ? array.Count : throw Unknown("The argument to $size must be an array"),
            "$arrayElemAt" => ElementAt(values[0], values[1]!.ToInt32()),
            "$in" => values[1]!.AsBsonArray.Any(item => BsonOrder.AreEqual(item, values[0])),
            "$sum" => Sum(Spread(values)),
            "$avg" => Average(Spread(values)),
            "$min" => Spread(values).Where(static value => !IsNothing(value)).Min(BsonOrder.Instance) ?? BsonNull.Value,
            "$max" => Spread(values).Where(static value => !IsNothing(value)).Max(BsonOrder.Instance) ?? BsonNull.Value,
            "$abs" => IsNothing(values[0]) ? BsonNull.Value : values[0]!.ToDouble() < 0 ? Times(values[0]!, -1) : values[0],
            _ => throw Unknown($"Unrecognized expression '{name}'"),
        };
    }

    private static IEnumerable<BsonValue?> Spread(BsonValue?[] values) => values is [BsonArray array] ? array : values;

    private static BsonValue? ElementAt(BsonValue? array, int index) =>
        array is BsonArray items && (index < 0 ? index + items.Count : index) is var at && at >= 0 && at < items.Count ? items[at] : null;

    private static bool IsNothing(BsonValue? value) => value is null or BsonNull or BsonUndefined;

    private static BsonValue Number(BsonValue one, BsonValue other, Func<long, long, long> whole, Func<double, double, double> real, Func<decimal, decimal, decimal> exact)
    {
        if (!one.IsNumeric || !other.IsNumeric)
        {
            throw new MongoErrorException($"Cannot apply to a value of non-numeric type: {one} and {other}", 14, "TypeMismatch");
        }

        if (one.IsDecimal128 || other.IsDecimal128)
        {
            return new BsonDecimal128(exact(one.ToDecimal(), other.ToDecimal()));
        }

        if (one.IsDouble || other.IsDouble)
        {
            return real(one.ToDouble(), other.ToDouble());
        }

        var result = whole(one.ToInt64(), other.ToInt64());
        return one.IsInt32 && other.IsInt32 && result is >= int.MinValue and <= int.MaxValue ? new BsonInt32((int)result) : new BsonInt64(result);
    }

    private static MongoErrorException Unknown(string what) => new(what, 168, "InvalidPipelineOperator");
}
