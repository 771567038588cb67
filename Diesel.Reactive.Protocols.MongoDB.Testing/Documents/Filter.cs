using System.Text.RegularExpressions;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Which documents a query finds.</summary>
internal static class Filter
{
    private static readonly Func<BsonDocument, bool> Any = static _ => true;

    /// <exception cref="MongoErrorException">It has something that is not known here.</exception>
    public static Func<BsonDocument, bool> Of(BsonDocument filter)
    {
        var all = filter.Select(Part).ToArray();
        return all.Length switch
        {
            0 => Any,
            1 => all[0],
            _ => document => Array.TrueForAll(all, each => each(document)),
        };
    }

    private static Func<BsonDocument, bool> Part(BsonElement element) => element.Name switch
    {
        "$and" => Several(element, static (all, document) => Array.TrueForAll(all, each => each(document))),
        "$or" => Several(element, static (all, document) => Array.Exists(all, each => each(document))),
        "$nor" => Several(element, static (all, document) => !Array.Exists(all, each => each(document))),
        "$expr" => document => Expression.IsTrue(Expression.Of(element.Value, document)),
        "$comment" => Any,
        ['$', ..] => throw Unknown($"unknown top level operator: {element.Name}"),
        _ => Field(element.Name, element.Value),
    };

    private static Func<BsonDocument, bool> Several(BsonElement element, Func<Func<BsonDocument, bool>[], BsonDocument, bool> how)
    {
        var all = element.Value is BsonArray { Count: > 0 } array
            ? array.Select(static each => Of(each.AsBsonDocument)).ToArray()
            : throw Unknown($"{element.Name} must be a nonempty array");
        return document => how(all, document);
    }

    private static Func<BsonDocument, bool> Field(string path, BsonValue wanted)
    {
        var test = Values(wanted);
        return document => test([.. BsonPath.Values(document, path)]);
    }

    // What is asked of the values a path leads to.
    private static Func<BsonValue?[], bool> Values(BsonValue wanted)
    {
        if (wanted is not BsonDocument { ElementCount: > 0 } operators || operators.GetElement(0).Name is not ['$', ..])
        {
            return Some(Equal(wanted));
        }

        var tests = operators.Where(static each => each.Name != "$options").Select(each => Operator(each.Name, each.Value, operators)).ToArray();
        return values => Array.TrueForAll(tests, test => test(values));
    }

    private static Func<BsonValue?[], bool> Operator(string name, BsonValue wanted, BsonDocument all) => name switch
    {
        "$eq" => Some(Equal(wanted)),
        "$ne" => Not(Some(Equal(wanted))),
        "$gt" => Some(Compared(wanted, static order => order > 0)),
        "$gte" => Some(Compared(wanted, static order => order >= 0)),
        "$lt" => Some(Compared(wanted, static order => order < 0)),
        "$lte" => Some(Compared(wanted, static order => order <= 0)),
        "$in" => Some(OneOf(wanted)),
        "$nin" => Not(Some(OneOf(wanted))),
        "$not" => Not(wanted is BsonRegularExpression ? Some(Equal(wanted)) : Values(wanted)),
        "$exists" => values => Array.Exists(values, static value => value is not null) == wanted.ToBoolean(),
        "$type" => Some(OfType(wanted)),
        "$regex" => Some(Equal(new BsonRegularExpression(wanted is BsonRegularExpression given ? given.Pattern : wanted.AsString, all.GetValue("$options", "").AsString))),
        "$size" => values => Array.Exists(values, value => value is BsonArray array && array.Count == wanted.ToInt32()),
        "$all" => AllOf(wanted.AsBsonArray),
        "$elemMatch" => Element(wanted.AsBsonDocument),
        "$mod" => Some(value => value is { IsNumeric: true } && value.ToInt64() % wanted[0].ToInt64() == wanted[1].ToInt64()),
        _ => throw Unknown($"unknown operator: {name}"),
    };

    // A value, or one of those in it.
    private static Func<BsonValue?[], bool> Some(Func<BsonValue?, bool> test) =>
        values => Array.Exists(values, value => test(value) || (value is BsonArray array && array.Any(test)));

    private static Func<BsonValue?[], bool> Not(Func<BsonValue?[], bool> test) => values => !test(values);

    private static Func<BsonValue?, bool> Equal(BsonValue wanted)
    {
        if (wanted is not BsonRegularExpression pattern)
        {
            return value => BsonOrder.AreEqual(value, wanted);
        }

        var regex = new Regex(pattern.Pattern, RegexOptions.CultureInvariant | pattern.ToRegex().Options, TimeSpan.FromSeconds(1));
        return value => value is BsonString text ? regex.IsMatch(text.Value) : value == wanted;
    }

    private static Func<BsonValue?, bool> Compared(BsonValue wanted, Func<int, bool> test) =>
        value => BsonOrder.Kind(value) == BsonOrder.Kind(wanted) && test(BsonOrder.Instance.Compare(value, wanted));

    private static Func<BsonValue?, bool> OneOf(BsonValue wanted)
    {
        var tests = wanted is BsonArray array ? array.Select(Equal).ToArray() : throw Unknown("$in needs an array");
        return value => Array.Exists(tests, test => test(value));
    }

    private static Func<BsonValue?[], bool> AllOf(BsonArray wanted)
    {
        var tests = wanted.Select(static each => each is BsonDocument document && document.Contains("$elemMatch") ? Values(document) : Some(Equal(each))).ToArray();
        return values => tests.Length > 0 && Array.TrueForAll(tests, test => test(values));
    }

    private static Func<BsonValue?[], bool> Element(BsonDocument wanted)
    {
        if (wanted.ElementCount > 0 && wanted.GetElement(0).Name is ['$', ..] and not ("$and" or "$or" or "$nor"))
        {
            var test = Values(wanted);
            return values => Array.Exists(values, value => value is BsonArray array && array.Any(item => test([item])));
        }

        var filter = Of(wanted);
        return values => Array.Exists(values, value => value is BsonArray array && array.OfType<BsonDocument>().Any(filter));
    }

    private static Func<BsonValue?, bool> OfType(BsonValue wanted)
    {
        var types = (wanted as BsonArray ?? [wanted]).Select(static each => each.IsString ? each.AsString : ((BsonType)(each.ToInt32() & 0xff)).ToString()).ToArray();
        return value => value is not null && Array.Exists(types, type => type == "number" ? value.IsNumeric : type.Equals(NameOf(value), StringComparison.OrdinalIgnoreCase) || type == value.BsonType.ToString());
    }

    private static string NameOf(BsonValue value) => value.BsonType switch
    {
        BsonType.Int32 => "int",
        BsonType.Int64 => "long",
        BsonType.Document => "object",
        BsonType.Boolean => "bool",
        BsonType.DateTime => "date",
        BsonType.Binary => "binData",
        BsonType.RegularExpression => "regex",
        BsonType.Decimal128 => "decimal",
        var type => type.ToString(),
    };

    private static MongoErrorException Unknown(string what) => new(what, 2, "BadValue");
}
