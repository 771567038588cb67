using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

[Properties(Arbitrary = [typeof(CodecCases)], MaxTest = 1500, QuietOnSuccess = true)]
public class CodecLawTests
{
    [Property]
    public void Gives_back_what_it_has_encoded_however_it_is_cut_and_refuses_the_rest_before_it_writes(CodecCase sample, int[] places)
    {
        foreach (var value in sample.Values)
        {
            if (CodecCase.Encoded(sample.Codec, value) is { } wire)
            {
                Assert.That(Decoded(sample.Codec, wire.Cut(places)), Is.EqualTo((value, wire.Length, default(Exception))));
            }
        }
    }

    [Property]
    public void Encodes_whatever_it_has_decoded(CodecCase sample)
    {
        foreach (var value in sample.Codec.Feed(sample.Wire).Frames)
        {
            var wire = CodecCase.Encoded(sample.Codec, value);
            Assert.That(wire, Is.Not.Null, value);
            Assert.That(Decoded(sample.Codec, [wire!]).Frame, Is.EqualTo(value));
        }
    }

    // All but an empty frame's: a reader that waits for bytes would not ask for it.
    private static (string Frame, int Consumed, Exception? Error) Decoded(Codec<string> codec, IEnumerable<byte[]> chunks)
    {
        if (chunks.All(chunk => chunk.Length == 0))
        {
            Assert.That(codec.CreateDecoder().TryDecode(default, out var empty, out _), Is.True);
            return (empty, 0, null);
        }

        var outcome = codec.Feed(chunks);
        return (string.Join(" and ", outcome.Frames), (int)outcome.Consumed, outcome.Error);
    }
}
