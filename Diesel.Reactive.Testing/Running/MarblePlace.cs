namespace Diesel.Reactive.Testing;

/// <summary>Where in a test's source something is said.</summary>
internal readonly record struct MarblePlace(string File, int Line)
{
    public override string ToString() => $"{Path.GetFileName(File)}:{Line}";
}
