using System.Text.Json.Nodes;

namespace Diesel.Reactive.Tests;

/// <summary>An observable in a program that RxJS and Rx both run: an operator of RxJS, with its numbers, texts and sources.</summary>
internal sealed record RxJsNode(string Operator, params IReadOnlyList<object> Args)
{
    public RxJsNode Source(int i) => (RxJsNode)Args[i];

    public int Number(int i) => (int)Args[i];

    public string Text(int i) => (string)Args[i];

    /// <summary>The operators in it, itself included.</summary>
    public IEnumerable<string> Operators => Args.OfType<RxJsNode>().SelectMany(static node => node.Operators).Append(Operator);

    /// <summary>What may stand in its place in a shorter program: its sources, and itself with shorter sources.</summary>
    public IEnumerable<RxJsNode> Shorter()
    {
        for (var i = 0; i < Args.Count; i++)
        {
            if (Args[i] is RxJsNode source)
            {
                yield return source;
                foreach (var shorter in source.Shorter())
                {
                    yield return new(Operator, [.. Args.Take(i), shorter, .. Args.Skip(i + 1)]);
                }
            }
        }
    }

    public JsonArray Json() => [Operator, .. Args.Select(static JsonNode? (arg) => arg switch
    {
        RxJsNode node => node.Json(),
        int number => number,
        _ => (string)arg,
    })];

    public override string ToString() => Json().ToJsonString();
}
