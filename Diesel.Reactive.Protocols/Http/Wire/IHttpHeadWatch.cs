namespace Diesel.Reactive.Protocols.Http;

/// <summary>Wants to know how long a head takes.</summary>
internal interface IHttpHeadWatch
{
    /// <summary>A head has begun, and is not whole.</summary>
    void HeadBegins();
}
