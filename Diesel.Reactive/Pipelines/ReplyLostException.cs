using System.Net;

namespace Diesel.Reactive;

/// <summary>A call was sent, and its connection ended before its reply: nobody knows whether it was carried out.</summary>
/// <remarks>A call that says so (<see cref="Call{TReply}.IsRepeatable"/>) is sent again instead, where there is a next connection. The inner
/// exception tells what ended the connection.</remarks>
public sealed class ReplyLostException : ConnectionException
{
    internal ReplyLostException(string call, EndPoint endPoint, Exception why)
        : base($"The reply to {call} is lost, and nobody knows whether it was carried out: the connection to {endPoint} ended. {Label.MessageOf(why)}", endPoint, why)
    {
    }
}
