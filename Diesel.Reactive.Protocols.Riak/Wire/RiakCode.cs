using System.Collections.Frozen;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What a frame is: the byte behind its length. Those of a node of KV 3.x that a client speaks.</summary>
internal enum RiakCode : byte
{
    Error = 0,
    PingRequest = 1,
    PingReply = 2,
    GetClientIdRequest = 3,
    GetClientIdReply = 4,
    SetClientIdRequest = 5,
    SetClientIdReply = 6,
    ServerInfoRequest = 7,
    ServerInfoReply = 8,
    GetRequest = 9,
    GetReply = 10,
    PutRequest = 11,
    PutReply = 12,
    DeleteRequest = 13,
    DeleteReply = 14,
    ListBucketsRequest = 15,
    ListBucketsReply = 16,
    ListKeysRequest = 17,
    ListKeysReply = 18,
    GetBucketRequest = 19,
    GetBucketReply = 20,
    SetBucketRequest = 21,
    SetBucketReply = 22,
    MapReduceRequest = 23,
    MapReduceReply = 24,
    IndexRequest = 25,
    IndexReply = 26,
    ResetBucketRequest = 29,
    ResetBucketReply = 30,
    GetBucketTypeRequest = 31,
    SetBucketTypeRequest = 32,
    PreflistRequest = 33,
    PreflistReply = 34,
    CSBucketRequest = 40,
    CSBucketReply = 41,
    IndexBodyReply = 42,
    CounterUpdateRequest = 50,
    CounterUpdateReply = 51,
    CounterGetRequest = 52,
    CounterGetReply = 53,
    CoverageRequest = 70,
    CoverageReply = 71,
    FetchRequest = 80,
    FetchReply = 81,
    UpdateRequest = 82,
    UpdateReply = 83,
    AuthRequest = 253,
    AuthReply = 254,
    StartTls = 255,
}

/// <summary>What codes are called.</summary>
internal static class RiakCodes
{
    private static readonly FrozenDictionary<RiakCode, string> Names =
        Enum.GetValues<RiakCode>().ToFrozenDictionary(static code => code, static code => $"{code}".Replace("Request", "", StringComparison.Ordinal));

    /// <summary>As the client's method is called that sends it: <c>Get</c>.</summary>
    public static string Name(this RiakCode code) => Names[code];
}
