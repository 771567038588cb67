namespace Diesel.Reactive.Protocols.Riak;

/// <summary>The server said no.</summary>
/// <remarks>The connection is unharmed, and so are all other calls. Source: <c>RpbErrorResp</c>, whose code is 0 as a rule: the text is the information, often a term
/// of Erlang.</remarks>
public sealed class RiakErrorException : Exception
{
    /// <summary>Makes an exception of an error reply.</summary>
    /// <param name="text">As the server sent it: <c>{n_val_violation,3}</c>.</param>
    /// <param name="code">The server's number.</param>
    public RiakErrorException(string text, long code = 0)
        : this(text, code, text)
    {
    }

    internal RiakErrorException(string text, long code, string message)
        : base(message) => (Text, Code) = (text, code);

    /// <summary>As the server sent it.</summary>
    public string Text { get; }

    /// <summary>The server's number; 0 as a rule.</summary>
    public long Code { get; }

    // What another node, or the same a moment later, may answer otherwise. Source: riak_kv's and riak_api's own texts.
    private static readonly string[] Passing = ["timeout", "overload", "{insufficient_vnodes", "insufficient_vnodes", "{pr_val_unsatisfied", "{pw_val_unsatisfied", "all_nodes_down", "mailbox_overload", "{r_val_unsatisfied", "{dw_val_unsatisfied", "{w_val_unsatisfied"];

    /// <summary>Whether another node may answer otherwise.</summary>
    internal bool IsPassing => Passing.Any(word => Text.StartsWith(word, StringComparison.Ordinal));
}
