namespace Diesel.Reactive;

/// <summary>How long to wait before a Unix socket is dialled again: a backlog that is full refuses at once, and nothing tells when it has
/// room again.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct DialPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(50);

    private TimeSpan _last;

    public TimeSpan Next() => _last = _last == TimeSpan.Zero ? First : _last * 2 < Longest ? _last * 2 : Longest;
}
