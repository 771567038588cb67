namespace Diesel.Reactive.Protocols.Redis;

/// <summary>On which condition something is written.</summary>
public enum When
{
    /// <summary>On none.</summary>
    Always,

    /// <summary>Only what is there already (<c>XX</c>).</summary>
    Exists,

    /// <summary>Only what is not there yet (<c>NX</c>).</summary>
    NotExists,
}
