namespace Diesel.Reactive;

/// <summary>What happens to files.</summary>
public enum FileChangeKind
{
    /// <summary>It is there now.</summary>
    Created,

    /// <summary>Its content, its size or its attributes are others now.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>It is called something else now, or was moved within what is watched.</summary>
    Renamed,

    /// <summary>More happened than could be told: look at everything.</summary>
    Lost,
}
