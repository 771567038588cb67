namespace Diesel.Reactive.Protocols.Dns;

/// <summary>There is no answer: no server gave one, or the answer is that there is none.</summary>
public sealed class DnsException : Exception
{
    internal DnsException(string message, DnsResponseCode code, IReadOnlyList<DnsAttempt>? attempts = null, string? extendedError = null, Exception? inner = null)
        : base(message, inner) => (Code, Attempts, ExtendedError) = (code, attempts ?? [], extendedError);

    /// <summary>How the last server that answered has answered; <see cref="DnsResponseCode.ServerFailure"/> when none has.</summary>
    public DnsResponseCode Code { get; }

    /// <summary>Who was asked, and what became of it.</summary>
    public IReadOnlyList<DnsAttempt> Attempts { get; }

    /// <summary>What a server has said of the reason (RFC 8914); null: nothing.</summary>
    public string? ExtendedError { get; }

    internal static DnsException NoAnswer(DnsQuestion question, IReadOnlyList<DnsAttempt> attempts, DnsReply? last, TimeSpan took)
    {
        var reasons = string.Join("; ", attempts.Select(static attempt => attempt.ToString()));
        var extended = last?.ExtendedErrors is [var first, ..] ? $"{first}" : null;
        return new($"No answer to {question} within {took.TotalSeconds:0.###} s: {reasons}.", last?.ResponseCode ?? DnsResponseCode.ServerFailure, attempts, extended);
    }
}
