using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The building blocks of grammars, as their files tell and draw them.</summary>
public class GrammarMarbleTests
{
    private static readonly Framing<ReadOnlyMemory<byte>> Rest = Framing.Lines().SelectMany(_ => Framing.Chunk());

    private static readonly Framing<string> Maybe =
        Framing.Bytes(1).SelectMany(kind => kind.Span[0] == '$' ? Framing.Lines() : Framing.Return("nothing"));

    private static readonly Framing<string> Sized =
        from length in Framing.Varint()
        where length <= 1024
        from body in Framing.Bytes((int)length)
        from end in Framing.Literal("\n")
        select body.ToText();

    private static readonly Framing<string> Reply =
        Framing.Literal("+").SelectMany(_ => Framing.Lines())
            .Or(Framing.Literal("-").SelectMany(_ => Framing.Lines()).Select(error => $"error: {error}"));

    private static readonly Framing<string> FastReply =
        from kind in Framing.Bytes(1)
        from rest in (char)kind.Span[0] switch
        {
            '+' => Framing.Lines(),
            '-' => Framing.Lines().Select(error => $"error: {error}"),
            var other => Framing.Fail<string>($"A reply begins with + or -, not {other}."),
        }
        select rest;

    private static readonly Framing<string> Counted = Framing.Many(Framing.Lines(), Framing.Varint(), maxCount: 4).Select(Joined);

    private static readonly Framing<string> Head = Framing.Many(Framing.Lines(), line => line.Length == 0).Select(Joined);

    private static readonly Framing<string> UpToADot = Framing.Many(Framing.Lines(), ".\n"u8).Select(Joined);

    private static readonly Framing<string> Block = Framing.Many(Framing.Lines(), Framing.LengthPrefixed(size: 1)).Select(Joined);

    private static readonly Codec<string> Texts = Framing.LengthPrefixed(size: 2).Select(bytes => bytes.ToText(), text => text.ToBytes());

    [MarbleFile("literal.marble")]
    public void Literal(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Framing.Literal("+OK")),
    }.Run(marble);

    [MarbleFile("chunk.marble")]
    public void Chunk(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Framing.Chunk()),
        source => source.Decode(Rest),
    }.Run(marble);

    [MarbleFile("return.marble")]
    public void Return(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Maybe),
        source => source.Decode(Framing.Return(7)),
    }.Run(marble);

    [MarbleFile("fail.marble")]
    public void Fail(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(FastReply),
    }.Run(marble);

    [MarbleFile("select.marble")]
    public void Select(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Framing.Lines().Select(int.Parse)),
    }.Run(marble);

    [MarbleFile("where.marble")]
    public void Where(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Framing.Varint().Where(number => number < 10)),
    }.Run(marble);

    [MarbleFile("select-many.marble")]
    public void SelectMany(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Sized),
    }.Run(marble);

    [MarbleFile("or.marble")]
    public void Or(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Reply),
        source => source.Decode(Framing.Literal("abc").Or(Framing.Literal("ab"))),
    }.Run(marble);

    [MarbleFile("many.marble")]
    public void Many(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Counted),
        source => source.Decode(Head),
        source => source.Decode(UpToADot),
        source => source.Decode(Block),
    }.Run(marble);

    [MarbleFile("encode.marble")]
    public void Encode(MarbleCase marble) => MarbleStage.Play(marble, stage => stage.Form switch
    {
        "Encode(Framing.Lines())" => stage.Strings("in").Encode(Framing.Lines()),
        "Encode(Texts)" => stage.Strings("in").Encode(Texts),
        _ => throw stage.Unknown(),
    });

    private static string Joined(IReadOnlyList<string> items) => string.Join(' ', items);
}
