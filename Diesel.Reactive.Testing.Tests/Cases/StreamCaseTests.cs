using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Cases whose values are streams.</summary>
public class StreamCaseTests
{
    [MarbleFile("streams.marble")]
    public void Streams_of_streams(MarbleCase marble) => marble.Run(m =>
    {
        if (marble.Title.StartsWith("GroupBy", StringComparison.Ordinal))
        {
            m.ExpectStreams("groups", m.Strings("keys").GroupBy(static key => key));
        }
        else
        {
            m.Expect("told", m.Values("outer", m.Strings).Switch());
        }
    });

    [TestCase("cold x : a---b-|")]
    [TestCase("cold x : a--a-|")]
    [TestCase("cold x : a---a|")]
    public void A_stream_that_differs_fails(string x) => Assert.That(() => MarbleFile.Parse($"= A\nhot keys : -a---a-|\nexpect groups : -x-----|\n{x}", "x").Cases[0]
        .Run(static m => m.ExpectStreams("groups", m.Strings("keys").GroupBy(static key => key))), Throws.TypeOf<MarbleCaseFailedException>());

    [Test]
    public void A_value_that_names_no_row_is_told() => Assert.That(() => MarbleFile.Parse("= A\nhot keys : -a|\nexpect groups : -y|\n", "x").Cases[0]
        .Run(static m => m.ExpectStreams("groups", m.Strings("keys").GroupBy(static key => key))), Throws.InvalidOperationException.With.Message.Contains("'y'"));
}
