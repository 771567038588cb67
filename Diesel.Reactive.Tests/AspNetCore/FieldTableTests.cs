using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Diesel.Reactive.Tests;

/// <summary>The fields of a response against those of ASP.NET Core: the same calls give the same.</summary>
public class FieldTableTests
{
    private static readonly string[] Names = ["A", "a", "B", "Content-Type", "content-type", "Content-Length", "CONTENT-LENGTH", "X-1", "X-2", "X-3", "X-4", "X-5", "X-6", "X-7"];
    private static readonly StringValues[] Values = ["1", "22", new(["3", "4"]), StringValues.Empty, "", default];

    [Test]
    public void Random_calls_give_the_same([Range(0, 19)] int seed)
    {
        var (random, ours, theirs) = (new Random(seed), new FieldTable(), new HeaderDictionary());
        for (var i = 0; i < 500; i++)
        {
            var (act, name, value) = (random.Next(9), Names[random.Next(Names.Length)], Values[random.Next(Values.Length)]);
            if (name.Length == 14 && value != "1" && value != "22")
            {
                value = StringValues.Empty;
            }

            Assert.That(Do(ours, act, name, value), Is.EqualTo(Do(theirs, act, name, value)), $"call {i} of seed {seed}: {act} {name} '{value}'");
            Assert.That(All(ours), Is.EqualTo(All(theirs)), $"behind call {i} of seed {seed}: {act} {name} '{value}'");
        }
    }

    [Test]
    public void Nothing_changes_what_has_started()
    {
        var table = new FieldTable { ContentLength = 5, IsReadOnly = true };
        Assert.That(() => table["A"] = "1", Throws.InvalidOperationException);
        Assert.That(() => table.Remove("A"), Throws.InvalidOperationException);
        Assert.That(table.Clear, Throws.InvalidOperationException);
        Assert.That(() => table.ContentLength = 6, Throws.InvalidOperationException);
        Assert.That(table["Content-Length"], Is.EqualTo((StringValues)"5"));
    }

    [Test]
    public void The_next_response_has_none_of_it()
    {
        var table = new FieldTable { ["A"] = "1", ContentLength = 5, IsReadOnly = true };
        table.Forget();
        table["B"] = "2";
        Assert.That(All(table), Is.EqualTo("B=2"));
    }

    [Test]
    public void A_length_that_is_none_is_refused() =>
        Assert.That(() => new FieldTable()["Content-Length"] = "five", Throws.InvalidOperationException.With.Message.Contains("Content-Length"));

    private static string Do(IHeaderDictionary fields, int act, string name, StringValues value)
    {
        switch (act)
        {
            case 0 or 1 or 2:
                fields[name] = value;
                return "";
            case 3:
                return $"{fields.Remove(name)}";
            case 4:
                return $"{fields[name]}|{fields[name].Count}";
            case 5:
                return $"{fields.TryGetValue(name, out var found)} {found} {fields.ContainsKey(name)}";
            case 6:
                return $"{fields.ContentLength} {fields.ContentType} {fields.Count}";
            case 7:
                fields.Append("X-Append", value);
                return "";
            default:
                fields.ContentLength = value.Count == 1 && long.TryParse(value.ToString(), out var length) ? length : null;
                return "";
        }
    }

    private static string All(IHeaderDictionary fields) => string.Join(';', fields.Select(static one => $"{one.Key.ToUpperInvariant()}={one.Value}").Order());
}
