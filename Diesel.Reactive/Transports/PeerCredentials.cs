namespace Diesel.Reactive;

/// <summary>Who is at the other end of a Unix socket, as the kernel says and not the peer: <c>connection.Feature&lt;PeerCredentials&gt;()</c>.</summary>
/// <param name="ProcessId">The process that connected, or that listens; it may have passed the connection on since. 0: one that this
/// process cannot see, in another container.</param>
/// <param name="UserId">Its effective user at that time; 0 is root.</param>
/// <param name="GroupId">Its effective group at that time.</param>
/// <remarks>On Linux, and while the connection is open. What may be relied on is the user and the group; a process id is given to
/// another process when its own has ended. Source: <c>SO_PEERCRED</c>, unix(7).</remarks>
public sealed record PeerCredentials(int ProcessId, uint UserId, uint GroupId);
