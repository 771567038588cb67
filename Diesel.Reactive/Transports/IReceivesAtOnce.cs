namespace Diesel.Reactive;

/// <summary>A transport that writes into the room it was given only when it tells of the chunk, in the same call. So several may have the same
/// room, as long as nothing of it is needed when that call has returned.</summary>
internal interface IReceivesAtOnce : ITransport;
