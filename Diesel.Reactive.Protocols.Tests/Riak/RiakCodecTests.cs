using System.Buffers;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Tests;

/// <summary>Frames and messages, in both directions.</summary>
public class RiakCodecTests
{
    // What a client without a method for it would never send, and why.
    private static readonly Dictionary<string, int[]> WithoutMethod = new()
    {
        ["search, of old nodes"] = [27, 28, .. Enumerable.Range(54, 7)],
        ["time series, of another product"] = [.. Enumerable.Range(90, 15)],
        ["nodes among each other"] = [.. Enumerable.Range(128, 104)],
    };

    [Test]
    public void The_transcript_is_read_and_written_as_it_was()
    {
        Assert.That(RiakTranscript.Frames, Has.Count.EqualTo(106));
        foreach (var caught in RiakTranscript.Frames)
        {
            var frame = caught.Frame;
            var message = RiakCodec.Parse(frame);
            Assert.That(message.Descriptor.Name, Is.EqualTo(caught.Message), caught.Op);
            Assert.That(Convert.ToHexString(Written(frame.Code, message)), Is.EqualTo(Convert.ToHexString(caught.Bytes)), caught.Op);
        }

        Assert.That(RiakTranscript.Frames.Select(static one => one.Message).Distinct().Count(), Is.GreaterThanOrEqualTo(40));
    }

    [Test]
    public void Each_code_is_known_or_named_with_a_reason()
    {
        int[] all = [.. Enumerable.Range(0, 35).Except([35, 36]), 40, 41, 42, .. Enumerable.Range(50, 11), 70, 71, 80, 81, 82, 83, .. Enumerable.Range(90, 15), 128, 129, 130, 200, 201, 202, 203, 204, 205, 206, 207, .. Enumerable.Range(210, 15), 230, 231, 253, 254, 255];
        var known = RiakCodec.Codes.Select(static code => (int)code).ToHashSet();
        var named = WithoutMethod.Values.SelectMany(static codes => codes).ToHashSet();
        Assert.That(known.Intersect(named), Is.Empty);
        Assert.That(all.Except(known).Except(named), Is.Empty);
        Assert.That(known.Except(all), Is.Empty);
    }

    [TestCase(RiakCode.PingRequest, "Ping")]
    [TestCase(RiakCode.GetClientIdRequest, "GetClientId")]
    [TestCase(RiakCode.SetClientIdRequest, "SetClientId")]
    [TestCase(RiakCode.ServerInfoRequest, "ServerInfo")]
    [TestCase(RiakCode.GetRequest, "Get")]
    [TestCase(RiakCode.PutRequest, "Put")]
    [TestCase(RiakCode.DeleteRequest, "Delete")]
    [TestCase(RiakCode.ListBucketsRequest, "ListBuckets")]
    [TestCase(RiakCode.ListKeysRequest, "ListKeys")]
    [TestCase(RiakCode.GetBucketRequest, "GetBucket")]
    [TestCase(RiakCode.SetBucketRequest, "SetBucket")]
    [TestCase(RiakCode.MapReduceRequest, "MapReduce")]
    [TestCase(RiakCode.IndexRequest, "Index")]
    [TestCase(RiakCode.ResetBucketRequest, "ResetBucket")]
    [TestCase(RiakCode.GetBucketTypeRequest, "GetBucketType")]
    [TestCase(RiakCode.SetBucketTypeRequest, "SetBucketType")]
    [TestCase(RiakCode.PreflistRequest, "Preflist")]
    [TestCase(RiakCode.CSBucketRequest, "CSBucket")]
    [TestCase(RiakCode.CounterUpdateRequest, "CounterUpdate")]
    [TestCase(RiakCode.CounterGetRequest, "CounterGet")]
    [TestCase(RiakCode.CoverageRequest, "Coverage")]
    [TestCase(RiakCode.FetchRequest, "Fetch")]
    [TestCase(RiakCode.UpdateRequest, "Update")]
    public void Each_request_has_a_method(object code, string method)
    {
        Assert.That(Methods, Does.Contain(method), $"{code}");
        Assert.That(Enum.GetNames<RiakCode>().Where(static name => name.EndsWith("Request", StringComparison.Ordinal)).Count(), Is.EqualTo(24), "The log-in (253) goes with connecting, as StartTls does.");
    }

    private static IEnumerable<string> Methods =>
        typeof(RiakClient).Assembly.GetExportedTypes().Where(static type => type == typeof(RiakClient) || type.Name.EndsWith("Commands", StringComparison.Ordinal))
            .SelectMany(static type => type.GetMethods()).Select(static method => method.Name);

    [Test]
    public void A_frame_comes_whole_however_it_is_cut()
    {
        var bytes = RiakTranscript.Of("get").Last().Bytes;
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var decoder = new RiakFraming().CreateDecoder();
            Assert.That(decoder.TryDecode(bytes.AsMemory(0, cut), out _, out _), Is.False);
            Assert.That(decoder.TryDecode(bytes, out var frame, out var consumed));
            Assert.That((consumed, frame.Code, frame.IsFollowed), Is.EqualTo((bytes.Length, RiakCode.GetReply, false)));
        }
    }

    [Test]
    public void Objects_are_read_as_Google_Protobuf_reads_them()
    {
        var random = new Random(1);
        byte[][] valid = [.. RiakTranscript.Frames.Where(static one => one.Bytes[4] is 10 or 12).Select(static one => one.Bytes)];
        var (read, refused) = (0, 0);
        for (var i = 0; i < (Live.IsSoak ? 1_000_000 : 30_000); i++)
        {
            var bytes = (byte[])valid[random.Next(valid.Length)].Clone();
            for (var changes = random.Next(4); changes > 0 && bytes.Length > 5; changes--)
            {
                bytes[5 + random.Next(bytes.Length - 5)] = (byte)random.Next(256);
            }

            var frame = new RiakFrame((RiakCode)bytes[4], bytes.AsMemory(5));
            var (ours, theirs) = (Text(() => ObjectReader.Read(frame)), Text(() => frame.Code == RiakCode.GetReply ? ObjectMessages.Of(RiakCodec.Parse<RpbGetResp>(frame)) : ObjectMessages.Of(RiakCodec.Parse<RpbPutResp>(frame))));
            Assert.That(ours, Is.EqualTo(theirs), Convert.ToHexString(bytes));
            (read, refused) = ours == "refused" ? (read, refused + 1) : (read + 1, refused);
        }

        Assert.That(Math.Min(read, refused), Is.GreaterThan(3000));

        static string Text(Func<RiakObject> read)
        {
            try
            {
                var found = read();
                return $"{found.VClock} {found.Key} {found.IsUnchanged} {string.Join(';', found.Contents.Select(static one =>
                    $"{one.Value} {one.ContentType} {one.Charset} {one.ContentEncoding} {one.VTag} {one.LastModified:O} {one.IsDeleted} {string.Join(',', one.Links)} {string.Join(',', one.Metadata)} {string.Join(',', one.Indexes)}"))}";
            }
            catch (ProtocolException)
            {
                return "refused";
            }
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("00")]
    public void Absent_empty_and_default_are_three_things_in_replies(string? hex)
    {
        var clock = hex is null ? default(Bytes?) : new Bytes(Convert.FromHexString(hex));
        var (got, put) = (new RpbGetResp(), new RpbPutResp());
        if (clock is { } seen)
        {
            (got.Vclock, put.Vclock, put.Key) = (seen.ToByteString(), seen.ToByteString(), seen.ToByteString());
        }

        var read = ObjectReader.Read(Frame(RiakCode.GetReply, got));
        var stored = ObjectReader.Read(Frame(RiakCode.PutReply, put));
        Assert.That((read.VClock, stored.VClock, stored.Key), Is.EqualTo((clock, clock, clock)));
        Assert.That(read.IsMissing, Is.EqualTo(hex is null));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("00")]
    public void Absent_empty_and_default_are_three_things_in_requests(string? hex)
    {
        var bytes = hex is null ? default(Bytes?) : new Bytes(Convert.FromHexString(hex));
        var message = (RpbPutReq)ObjectRequests.Put("b", bytes, bytes ?? default, bytes, false, null).Message;
        var again = RpbPutReq.Parser.ParseFrom(message.ToByteArray());
        Assert.That((again.Key.If(again.HasKey), again.Vclock.If(again.HasVclock)), Is.EqualTo((bytes, bytes)));
        Assert.That(again.Content.HasValue);
        Assert.That(again.Content.Value.ToBytes(), Is.EqualTo(bytes ?? default));
    }

    [Test]
    public void A_content_comes_back_as_it_went()
    {
        var content = new RiakContent("v")
        {
            ContentType = "text/plain", Charset = "utf-8", ContentEncoding = "gzip", VTag = "t", LastModified = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMicroseconds(123_456),
            IsDeleted = false, Links = [new("b", "k", "t"), new(null, null, null)], Metadata = [new("a", "b"), new("empty", ""), new("none", null)], Indexes = [new("n_int", "1"), new("n_int", "2")],
        };
        var again = ObjectMessages.Of(RpbContent.Parser.ParseFrom(ObjectMessages.Of(content).ToByteArray()));
        Assert.That(again with { Links = [], Metadata = [], Indexes = [] }, Is.EqualTo(content with { Links = again.Links, Metadata = [], Indexes = [] } with { Links = [] }));
        Assert.That(again.Links, Is.EqualTo(content.Links));
        Assert.That(again.Metadata, Is.EqualTo(content.Metadata));
        Assert.That(again.Indexes, Is.EqualTo(content.Indexes));
    }

    internal static byte[] Written(RiakCode code, IMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        RiakCodec.Write(code, message, output);
        return output.WrittenSpan.ToArray();
    }

    private static RiakFrame Frame(RiakCode code, IMessage message) => RiakTranscript.Decoded(Written(code, message));
}
