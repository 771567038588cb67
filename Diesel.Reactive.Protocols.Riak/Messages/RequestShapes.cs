using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Messages;

/// <summary>A request about a bucket. These say of the generated classes what they have in common, so that what is common is set in one place.</summary>
internal interface IInBucket
{
    ByteString Bucket { get; set; }
}

/// <summary>One that may say of which type its bucket is.</summary>
internal interface ITyped
{
    ByteString Type { get; set; }

    bool HasType { get; }
}

/// <summary>One about a key, or one that the node is to choose.</summary>
internal interface IKeyed
{
    ByteString Key { get; set; }

    bool HasKey { get; }
}

/// <summary>One that tells the node how many milliseconds it has.</summary>
internal interface ITimed
{
    uint Timeout { set; }
}

/// <summary>One that reads replicas.</summary>
internal interface IReading
{
    uint R { set; }

    uint Pr { set; }

    bool BasicQuorum { set; }

    bool NotfoundOk { set; }

    uint NodeConfirms { set; }
}

/// <summary>One that writes replicas.</summary>
internal interface IWriting
{
    uint W { set; }

    uint Dw { set; }

    uint Pw { set; }
}

/// <summary>One that says on how many machines it has to be written.</summary>
internal interface IConfirmed : IWriting
{
    uint NodeConfirms { set; }
}

/// <summary>One that says which replicas there are.</summary>
internal interface IReplicated
{
    bool SloppyQuorum { set; }

    uint NVal { set; }
}

internal sealed partial class RpbGetReq : IInBucket, ITyped, IKeyed, ITimed, IReading, IReplicated;

internal sealed partial class RpbPutReq : IInBucket, ITyped, IKeyed, ITimed, IConfirmed, IReplicated;

internal sealed partial class RpbDelReq : IInBucket, ITyped, IKeyed, ITimed, IWriting, IReplicated;

internal sealed partial class RpbListBucketsReq : ITyped, ITimed;

internal sealed partial class RpbListKeysReq : IInBucket, ITyped, ITimed;

internal sealed partial class RpbGetBucketReq : IInBucket, ITyped;

internal sealed partial class RpbSetBucketReq : IInBucket, ITyped;

internal sealed partial class RpbResetBucketReq : IInBucket, ITyped;

internal sealed partial class RpbGetBucketTypeReq : ITyped;

internal sealed partial class RpbSetBucketTypeReq : ITyped;

internal sealed partial class RpbIndexReq : IInBucket, ITyped, ITimed;

internal sealed partial class RpbCSBucketReq : IInBucket, ITyped, ITimed;

internal sealed partial class RpbGetBucketKeyPreflistReq : IInBucket, ITyped, IKeyed;

internal sealed partial class RpbCoverageReq : IInBucket, ITyped;

internal sealed partial class RpbCounterUpdateReq : IInBucket, IKeyed, IConfirmed;

internal sealed partial class RpbCounterGetReq : IInBucket, IKeyed, IReading;

internal sealed partial class DtFetchReq : IInBucket, ITyped, IKeyed, ITimed, IReading, IReplicated;

internal sealed partial class DtUpdateReq : IInBucket, ITyped, IKeyed, ITimed, IConfirmed, IReplicated;
