using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The framing operators, as their files tell and draw them.</summary>
public class FramingMarbleTests
{
    [MarbleFile("decode.marble")]
    public void Decode(MarbleCase marble) => new MarbleOperators
    {
        source => source.Decode(Framing.Literal("ping")),
    }.Run(marble);

    [MarbleFile("until-eol.marble")]
    public void UntilEol(MarbleCase marble) => new MarbleOperators
    {
        source => source.UntilEol(),
        source => source.UntilEol(allowLoneLf: true),
        source => source.UntilEol(maxLength: 4),
        source => source.UntilEol(maxLength: 4, overflow: FrameOverflow.Discard),
    }.Run(marble);

    [MarbleFile("until.marble")]
    public void Until(MarbleCase marble) => new MarbleOperators
    {
        source => source.Until("END"),
        source => source.Until(";"),
        source => source.Until(";", maxLength: 4),
        source => source.Until(";", maxLength: 4, overflow: FrameOverflow.Discard),
    }.Run(marble);

    [MarbleFile("lines.marble")]
    public void Lines(MarbleCase marble) => new MarbleOperators
    {
        source => source.Lines(),
        source => source.Lines(new UTF8Encoding(false, throwOnInvalidBytes: true)),
        source => source.Lines(maxLength: 4, overflow: FrameOverflow.Discard),
    }.Run(marble);

    [MarbleFile("bytes.marble")]
    public void Bytes(MarbleCase marble) => new MarbleOperators
    {
        source => source.Bytes(2),
    }.Run(marble);

    [MarbleFile("length-prefixed.marble")]
    public void LengthPrefixed(MarbleCase marble) => new MarbleOperators
    {
        source => source.LengthPrefixed(),
        source => source.LengthPrefixed(size: 2),
        source => source.LengthPrefixed(size: 2, adjustment: -2, bytesToStrip: 0),
        source => source.LengthPrefixed(size: 2, littleEndian: true, offset: 1),
    }.Run(marble);

    [MarbleFile("varint.marble")]
    public void Varint(MarbleCase marble) => new MarbleOperators
    {
        source => source.Varint(),
        source => source.Varint(maxBytes: 2),
    }.Run(marble);
}
