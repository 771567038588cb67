// What a package holds besides its code: its page with links that work outside the repository, and the documentation
// of what is public (the compiler writes down the internals too).
//
//   dotnet run eng/package-texts.cs -- <folder to write to> <address of the repository> <project>=<page>…

#:package Microsoft.CodeAnalysis.CSharp

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

if (args is not [var target, var repository, .. { Length: > 0 } packages])
{
    Console.Error.WriteLine("usage: package-texts <folder> <address of the repository> <project>=<page>…");
    return 2;
}

foreach (var package in packages)
{
    if (package.Split('=') is not [var project, var page])
    {
        Console.Error.WriteLine($"'{package}' is not <project>=<page>");
        return 2;
    }

    var folder = Directory.CreateDirectory(Path.Join(target, project)).FullName;
    File.WriteAllText(Path.Join(folder, "README.md"), Absolute(File.ReadAllText(page), new Uri($"{repository}/"), page));
    var built = Path.Join(project, "bin", "Release", "net10.0", project);
    if (File.Exists($"{built}.xml"))
    {
        PublicOnly(XDocument.Load($"{built}.xml"), $"{built}.dll").Save(Path.Join(folder, $"{project}.xml"));
    }
}

return 0;

// A link that leads to a file of the repository leads to it there; a picture to its bytes.
static string Absolute(string text, Uri repository, string page) => Regex.Replace(
    text,
    @"(?<picture>!?)\[(?<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|#|mailto:)(?<to>[^)\s]+)\)",
    link => $"{link.Groups["picture"].Value}[{Absolute(link.Groups["text"].Value, repository, page)}]({new Uri(
        new Uri(repository, $"{(link.Groups["picture"].Length > 0 ? "raw" : "blob")}/main/{page}"), link.Groups["to"].Value)})");

static XDocument PublicOnly(XDocument documentation, string assembly)
{
    var reference = MetadataReference.CreateFromFile(assembly);
    var compilation = CSharpCompilation.Create("documentation", references: [reference]);
    var seen = new HashSet<string>();
    Visit(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!).GlobalNamespace, seen);
    documentation.Root!.Element("members")!.Elements().Where(member => !seen.Contains((string)member.Attribute("name")!)).Remove();
    return documentation;
}

static void Visit(INamespaceOrTypeSymbol container, HashSet<string> seen)
{
    foreach (var member in container.GetMembers().Where(IsSeen))
    {
        seen.Add(member.GetDocumentationCommentId() ?? "");
        if (member is INamespaceOrTypeSymbol inner)
        {
            Visit(inner, seen);
        }
    }
}

static bool IsSeen(ISymbol symbol) => symbol is INamespaceSymbol || symbol.DeclaredAccessibility is
    Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
