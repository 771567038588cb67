using System.Net;

namespace Diesel.Reactive;

/// <summary>An endpoint that was dialled.</summary>
/// <param name="EndPoint">Where to.</param>
/// <param name="Error">Why it cannot be connected to; null: no answer yet.</param>
internal readonly record struct DialledEndPoint(EndPoint EndPoint, Exception? Error);
