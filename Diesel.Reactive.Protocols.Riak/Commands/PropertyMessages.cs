using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Between properties and their message.</summary>
internal static class PropertyMessages
{
    public static BucketProperties Of(RpbBucketProps props) => new()
    {
        NVal = props.HasNVal ? (int)props.NVal : null,
        AllowMult = props.HasAllowMult ? props.AllowMult : null,
        LastWriteWins = props.HasLastWriteWins ? props.LastWriteWins : null,
        PreCommit = props.HasHasPrecommit || props.Precommit.Count > 0 ? [.. props.Precommit.Select(Of)] : null,
        PostCommit = props.HasHasPostcommit || props.Postcommit.Count > 0 ? [.. props.Postcommit.Select(Of)] : null,
        HashFunction = Of(props.ChashKeyfun),
        LinkFunction = Of(props.Linkfun),
        OldVClock = props.HasOldVclock ? TimeSpan.FromSeconds(props.OldVclock) : null,
        YoungVClock = props.HasYoungVclock ? TimeSpan.FromSeconds(props.YoungVclock) : null,
        BigVClock = props.HasBigVclock ? (int)props.BigVclock : null,
        SmallVClock = props.HasSmallVclock ? (int)props.SmallVclock : null,
        PR = props.HasPr ? Quorum.Of(props.Pr) : null,
        R = props.HasR ? Quorum.Of(props.R) : null,
        W = props.HasW ? Quorum.Of(props.W) : null,
        PW = props.HasPw ? Quorum.Of(props.Pw) : null,
        DW = props.HasDw ? Quorum.Of(props.Dw) : null,
        RW = props.HasRw ? Quorum.Of(props.Rw) : null,
        BasicQuorum = props.HasBasicQuorum ? props.BasicQuorum : null,
        NotFoundOk = props.HasNotfoundOk ? props.NotfoundOk : null,
        Backend = props.HasBackend ? props.Backend.ToStringUtf8() : null,
        IsSearched = props.HasSearch ? props.Search : null,
        Replication = props.HasRepl ? (Replication)props.Repl : null,
        SearchIndex = props.HasSearchIndex ? props.SearchIndex.ToStringUtf8() : null,
        DataType = props.HasDatatype ? props.Datatype.ToStringUtf8() : null,
        IsConsistent = props.HasConsistent ? props.Consistent : null,
        IsWriteOnce = props.HasWriteOnce ? props.WriteOnce : null,
        HllPrecision = props.HasHllPrecision ? (int)props.HllPrecision : null,
    };

    public static RpbBucketProps Of(BucketProperties properties)
    {
        var props = new RpbBucketProps();
        Set(properties.NVal, value => props.NVal = (uint)value);
        Set(properties.AllowMult, value => props.AllowMult = value);
        Set(properties.LastWriteWins, value => props.LastWriteWins = value);
        SetHooks(properties.PreCommit, props.Precommit, has => props.HasPrecommit = has);
        SetHooks(properties.PostCommit, props.Postcommit, has => props.HasPostcommit = has);
        props.ChashKeyfun = Of(properties.HashFunction);
        props.Linkfun = Of(properties.LinkFunction);
        Set(properties.OldVClock, value => props.OldVclock = (uint)value.TotalSeconds);
        Set(properties.YoungVClock, value => props.YoungVclock = (uint)value.TotalSeconds);
        Set(properties.BigVClock, value => props.BigVclock = (uint)value);
        Set(properties.SmallVClock, value => props.SmallVclock = (uint)value);
        Set(properties.PR, value => props.Pr = value.Number);
        Set(properties.R, value => props.R = value.Number);
        Set(properties.W, value => props.W = value.Number);
        Set(properties.PW, value => props.Pw = value.Number);
        Set(properties.DW, value => props.Dw = value.Number);
        Set(properties.RW, value => props.Rw = value.Number);
        Set(properties.BasicQuorum, value => props.BasicQuorum = value);
        Set(properties.NotFoundOk, value => props.NotfoundOk = value);
        SetText(properties.Backend, value => props.Backend = value.ToByteString());
        Set(properties.IsSearched, value => props.Search = value);
        Set(properties.Replication, value => props.Repl = (RpbReplMode)value);
        SetText(properties.SearchIndex, value => props.SearchIndex = value.ToByteString());
        SetText(properties.DataType, value => props.Datatype = value.ToByteString());
        Set(properties.IsConsistent, value => props.Consistent = value);
        Set(properties.IsWriteOnce, value => props.WriteOnce = value);
        Set(properties.HllPrecision, value => props.HllPrecision = (uint)value);
        return props;
    }

    private static CommitHook Of(RpbCommitHook hook) => new(Of(hook.Modfun), hook.HasName ? hook.Name.ToStringUtf8() : null);

    private static ModuleFunction? Of(RpbModFun? function) => function is null ? null : new(function.Module.ToStringUtf8(), function.Function.ToStringUtf8());

    private static RpbModFun? Of(ModuleFunction? function) => function is null ? null
        : new() { Module = function.Module.ToByteString(), Function = function.Function.ToByteString() };

    private static RpbCommitHook Of(CommitHook hook)
    {
        var message = new RpbCommitHook { Modfun = Of(hook.Function) };
        SetText(hook.Name, name => message.Name = name.ToByteString());
        return message;
    }

    private static void SetHooks(IReadOnlyList<CommitHook>? hooks, Google.Protobuf.Collections.RepeatedField<RpbCommitHook> to, Action<bool> has)
    {
        if (hooks is not null)
        {
            has(true);
            to.AddRange(hooks.Select(Of));
        }
    }

    private static void Set<T>(T? value, Action<T> set)
        where T : struct
    {
        if (value is { } given)
        {
            set(given);
        }
    }

    private static void SetText(string? value, Action<string> set)
    {
        if (value is not null)
        {
            set(value);
        }
    }
}
