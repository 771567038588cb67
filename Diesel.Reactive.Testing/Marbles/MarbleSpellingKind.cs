namespace Diesel.Reactive.Testing;

/// <summary>The three ways to write a value.</summary>
public enum MarbleSpellingKind
{
    /// <summary><c>a</c>: stands for a value of the test's, or for itself.</summary>
    Name,

    /// <summary><c>'GET /\r\n'</c>: a text, or one chunk of bytes.</summary>
    Quoted,

    /// <summary><c>&lt;0d0a&gt;</c>, <c>&lt;00*4096&gt;</c>: one chunk of bytes.</summary>
    Hex,
}
