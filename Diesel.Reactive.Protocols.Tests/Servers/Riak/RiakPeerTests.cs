using System.Text;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;
using MapUpdate = Diesel.Reactive.Protocols.Riak.MapUpdate;

namespace Diesel.Reactive.Tests;

/// <summary>What others read of what we write: <c>protoc --decode</c> and Debian's python3-protobuf.</summary>
public class RiakPeerTests
{
    private const string Protoc = "/usr/bin/protoc";
    private const string Python = "/usr/bin/python3";
    private const string PythonProtobuf = "/usr/lib/python3/dist-packages/google/protobuf/__init__.py";

    private static readonly string Folder = Repository.PathOf("Diesel.Reactive.Protocols.Riak", "Messages");

    // The message of each request, as the protocol calls it, and the call that sends it.
    private static readonly (string Message, Func<RiakClient, IObservable<object?>> Call)[] Requests =
    [
        ("RpbPingReq", Of(static riak => riak.Ping())), ("RpbGetClientIdReq", Of(static riak => riak.GetClientId())), ("RpbGetServerInfoReq", Of(static riak => riak.ServerInfo())),
        ("RpbGetReq", Of(static riak => riak.Get(("t", "b"), "k", new() { R = 1, PR = Quorum.All, BasicQuorum = true, NotFoundOk = false, IfModified = "", Head = true, DeletedVClock = true, SloppyQuorum = true, NVal = 3, NodeConfirms = 1 }))),
        ("RpbPutReq", Of(static riak => riak.Put(("t", "b"), "k", new RiakContent(new byte[] { 0, 255 }) { ContentType = "a/b", Charset = "c", ContentEncoding = "d", VTag = "e", LastModified = DateTimeOffset.UnixEpoch.AddSeconds(1.5), IsDeleted = false, Links = [new("b", null, "t")], Metadata = [new("m", null), new("n", "")], Indexes = [new("i_int", 7)] }, "", true, new() { W = 1, DW = 2, PW = 3, IfNotModified = true, IfNoneMatch = false, ReturnHead = true, AsIs = true, SloppyQuorum = false, NVal = 2, NodeConfirms = 1 }))),
        ("RpbDelReq", Of(static riak => riak.Delete(("t", "b"), "k", "v", new() { RW = 1, R = 2, W = 3, PR = 1, PW = 2, DW = 3, SloppyQuorum = true, NVal = 3 }))),
        ("RpbListBucketsReq", Of(static riak => riak.ListBuckets("t"))), ("RpbListKeysReq", Of(static riak => riak.ListKeys(("t", "b")))),
        ("RpbGetBucketReq", Of(static riak => riak.GetBucket(("t", "b")))), ("RpbResetBucketReq", Of(static riak => riak.ResetBucket(("t", "b")))),
        ("RpbSetBucketReq", Of(static riak => riak.SetBucket("b", new() { NVal = 1, AllowMult = true, PreCommit = [new(new("m", "f")), new(null, "js")], PostCommit = [], HashFunction = new("m", "f"), OldVClock = TimeSpan.FromSeconds(9), R = Quorum.Majority, Backend = "x", Replication = Replication.Both, HllPrecision = 14 }))),
        ("RpbGetBucketTypeReq", Of(static riak => riak.GetBucketType("t"))), ("RpbSetBucketTypeReq", Of(static riak => riak.SetBucketType("t", new() { LastWriteWins = false }))),
        ("RpbMapRedReq", Of(static riak => riak.MapReduce("{}"))), ("RpbGetBucketKeyPreflistReq", Of(static riak => riak.Preflist("b", "k"))),
        ("RpbIndexReq", Of(static riak => riak.Index("b", IndexQuery.Between("i_int", -1, 9) with { ReturnTerms = true, TermRegex = "^1", CoverContext = "c" }))),
        ("RpbCSBucketReq", Of(static riak => riak.CSBucket("b", new("a", "z") { IncludesStart = false, IncludesEnd = true }))), ("RpbCoverageReq", Of(static riak => riak.Coverage("b", 4, "r", "u", "v"))),
        ("RpbCounterUpdateReq", Of(static riak => riak.CounterUpdate("b", "k", -5, true, new() { W = 1 }))), ("RpbCounterGetReq", Of(static riak => riak.CounterGet("b", "k", new() { R = 1 }))),
        ("DtFetchReq", Of(static riak => riak.Fetch(("t", "b"), "k", new() { R = 1, IncludeContext = false }))),
        ("DtUpdateReq", Of(static riak => riak.Update(("t", "b"), "k", new MapUpdate().Counter("c", -3).Set("s", static s => s.Add("x").Remove("y")).Register("r", "").Flag("f", false).Map("m", static m => m.Remove(MapKind.Map, "n")), "ctx", new() { ReturnBody = true, W = Quorum.One }))),
    ];

    // What is said before any call.
    private static readonly (string Name, RiakCode Kind, Google.Protobuf.IMessage Message)[] Connecting =
    [
        ("RpbStartTls", RiakCode.StartTls, new RpbStartTls()), ("RpbSetClientIdReq", RiakCode.SetClientIdRequest, new RpbSetClientIdReq { ClientId = ((Diesel.Reactive.Protocols.Bytes)"me").ToByteString() }),
        ("RpbAuthReq", RiakCode.AuthRequest, new RpbAuthReq { User = "u".ToByteString(), Password = "".ToByteString() }),
    ];

    [Test]
    public async Task Others_read_each_request_and_agree()
    {
        SampleTool.Require(Protoc, "protobuf-compiler");
        SampleTool.Require(PythonProtobuf, "python3-protobuf");
        var folder = Directory.CreateTempSubdirectory("riak");
        try
        {
            var names = new List<string>();
            foreach (var (message, call) in Requests)
            {
                var bytes = Sent(call);
                Assert.That(Diesel.Reactive.Protocols.Riak.RiakCodec.Parse(RiakTranscript.Decoded(bytes)).Descriptor.Name, Is.EqualTo(message));
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, message), bytes.AsMemory(5).ToArray());
                names.Add(message);
            }

            foreach (var (name, kind, message) in Connecting)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), RiakCodecTests.Written(kind, message).AsMemory(5).ToArray());
                names.Add(name);
            }

            var (code, said) = await SampleTool.Run("/bin/sh", "-c", Script, "sh", Folder, folder.FullName, string.Join(' ', names));
            Assert.That((code, said.Trim()), Is.EqualTo((0, $"{names.Count} messages are read the same by both")));
            Assert.That(File.ReadAllText(Path.Combine(folder.FullName, "RpbPutReq.protoc")), Does.Contain("vclock: \"\"").And.Contain("last_mod_usecs: 500000").And.Match("timeout: 47\\d\\d"));
            Assert.That(File.ReadAllText(Path.Combine(folder.FullName, "RpbCounterUpdateReq.protoc")), Does.Contain("amount: -5"));
            Assert.That(File.ReadAllText(Path.Combine(folder.FullName, "DtUpdateReq.protoc")), Does.Contain("increment: -3").And.Contain("flag_op: DISABLE").And.Contain("register_op: \"\""));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // protoc decodes with the descriptions alone, python with what was generated of them; a field that neither knows would show as a number.
    private const string Script = """
        set -e
        messages=$1 folder=$2 names=$3
        protoc -I "$messages" --python_out="$folder" riak_kv.proto riak_dt.proto
        for name in $names; do
            case $name in Dt*) file=riak_dt.proto ;; RpbCounter*) file=riak_kv.proto ;; *) file=riak_kv.proto ;; esac
            protoc -I "$messages" --decode="diesel.riak.$name" "$file" < "$folder/$name" > "$folder/$name.protoc"
        done
        cd "$folder"
        exec /usr/bin/python3 - $names <<'PYTHON'
        import sys, riak_kv_pb2, riak_dt_pb2
        from google.protobuf import text_format
        for name in sys.argv[1:]:
            kind = getattr(riak_kv_pb2, name, None) or getattr(riak_dt_pb2, name)
            bytes = open(name, 'rb').read()
            message = kind.FromString(bytes)
            assert message.IsInitialized(), name
            assert message.SerializeToString() == bytes, name
            text = text_format.MessageToString(message)
            theirs = open(name + '.protoc').read()
            assert text == theirs, (name, text, theirs)
            assert not any(line.strip().split(':')[0].split(' ')[0].isdigit() for line in text.splitlines()), text
        print(len(sys.argv) - 1, 'messages are read the same by both')
        PYTHON
        """;

    private static byte[] Sent(Func<RiakClient, IObservable<object?>> call)
    {
        var bytes = Array.Empty<byte>();
        RiakPlay.Scripted(
            static (_, _) => [],
            async (riak, world, peers) =>
            {
                using (call(riak).Subscribe(static _ => { }, static _ => { }))
                {
                    await world.Hub.Sleep(TimeSpan.FromMilliseconds(5));
                }

                bytes = Encoding.Latin1.GetBytes(peers.Last.Received);
            },
            silent: true);
        return bytes;
    }

    private static Func<RiakClient, IObservable<object?>> Of<T>(Func<RiakClient, IObservable<T>> call) => riak => call(riak).Select(static one => (object?)one);
}
