namespace Diesel.Reactive.Testing;

/// <summary>What a line of a <c>.marble</c> file is.</summary>
internal enum MarbleFileLineKind
{
    Blank,
    Comment,
    Title,
    Operator,
    Row,
    Definition,
    Section,
    Setting,
}
