using Microsoft.CodeAnalysis;

namespace Diesel.Reactive.Tests;

/// <summary>Writes down what users of an assembly can see, one line for each type and member.</summary>
internal static class PublicApi
{
    private static readonly SymbolDisplayFormat TypeName = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        parameterOptions: SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeType,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat Reference = TypeName.WithKindOptions(SymbolDisplayKindOptions.None);

    private static readonly SymbolDisplayFormat Member = Reference
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints)
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithParameterOptions(
            SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis);

    private static readonly SymbolDisplayFormat Property = new(
        typeQualificationStyle: Member.TypeQualificationStyle,
        genericsOptions: Member.GenericsOptions,
        memberOptions: Member.MemberOptions,
        parameterOptions: Member.ParameterOptions,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: Member.MiscellaneousOptions);

    public static string Of(IAssemblySymbol assembly)
    {
        var lines = TypesIn(assembly.GlobalNamespace).Where(IsVisible)
            .GroupBy(type => type.ContainingNamespace.ToDisplayString())
            .OrderBy(space => space.Key, StringComparer.Ordinal)
            .SelectMany(space => space
                .OrderBy(type => type.ToDisplayString(Reference), StringComparer.Ordinal)
                .SelectMany(Lines)
                .Prepend($"namespace {space.Key}"));
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol place) =>
        place.GetMembers().OfType<INamespaceOrTypeSymbol>()
            .SelectMany(inner => inner is INamedTypeSymbol type ? TypesIn(inner).Prepend(type) : TypesIn(inner));

    private static IEnumerable<string> Lines(INamedTypeSymbol type) =>
        MembersOf(type).Select(member => "    " + member).Prepend(Header(type)).Prepend("");

    private static IEnumerable<string> MembersOf(INamedTypeSymbol type) => type.TypeKind switch
    {
        TypeKind.Delegate => [],
        TypeKind.Enum => type.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue).Select(f => $"{f.Name} = {f.ConstantValue}"),
        _ => type.GetMembers().Where(member => IsVisible(member) && IsWritten(member))
            .OrderBy(Rank).ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(Line, StringComparer.Ordinal).Select(Line),
    };

    private static string Header(INamedTypeSymbol type)
    {
        var above = type.TypeKind is TypeKind.Enum or TypeKind.Delegate ? [] : Above(type).Select(b => b.ToDisplayString(Reference)).ToArray();
        return Accessibility(type) + Modifiers(type) + type.ToDisplayString(TypeName)
            + (above.Length > 0 ? " : " + string.Join(", ", above) : "") + Constraints(type);
    }

    // Interfaces that come with another one, and a record's equality with itself, go without saying.
    private static IEnumerable<INamedTypeSymbol> Above(INamedTypeSymbol type) =>
        type.Interfaces
            .Where(i => !type.Interfaces.Any(other => other.AllInterfaces.Contains(i, SymbolEqualityComparer.IncludeNullability)))
            .Where(i => i.Name != "IEquatable")
            .OrderBy(i => i.ToDisplayString(Reference), StringComparer.Ordinal)
            .Prepend(type.BaseType!)
            .Where(b => b is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) } && IsVisible(b));

    private static string Accessibility(ISymbol symbol) => symbol.DeclaredAccessibility switch
    {
        Microsoft.CodeAnalysis.Accessibility.Public => "public ",
        Microsoft.CodeAnalysis.Accessibility.Protected => "protected ",
        _ => "protected internal ",
    };

    private static string Modifiers(INamedTypeSymbol type) => type switch
    {
        { IsStatic: true } => "static ",
        { TypeKind: TypeKind.Class, IsAbstract: true } => "abstract ",
        { TypeKind: TypeKind.Class, IsSealed: true } => "sealed ",
        _ => "",
    };

    // Only a member's format can show constraints, and a type's own are rare: taken from what differs.
    private static string Constraints(INamedTypeSymbol type)
    {
        var plain = type.ToDisplayString(Reference);
        var full = type.ToDisplayString(Reference.WithGenericsOptions(
            Reference.GenericsOptions | SymbolDisplayGenericsOptions.IncludeTypeConstraints));
        return full[plain.Length..];
    }

    private static string Line(ISymbol member)
    {
        var text = member.ToDisplayString(member is IPropertySymbol ? Property : Member)
            .Replace(" private set;", "", StringComparison.Ordinal)
            .Replace(" private init;", "", StringComparison.Ordinal)
            .Replace(" internal set;", "", StringComparison.Ordinal)
            .Replace(" internal init;", "", StringComparison.Ordinal);
        return member is IEventSymbol && !text.Contains(" event ", StringComparison.Ordinal) ? text.Replace("public ", "public event ", StringComparison.Ordinal) : text;
    }

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Microsoft.CodeAnalysis.Accessibility.Public
            or Microsoft.CodeAnalysis.Accessibility.Protected or Microsoft.CodeAnalysis.Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is null || IsVisible(symbol.ContainingType));

    // Accessors show with their property; what the compiler adds to a record goes without saying.
    private static bool IsWritten(ISymbol member) =>
        member is not INamedTypeSymbol and not IMethodSymbol { AssociatedSymbol: not null }
        && !member.GetAttributes().Any(a => a.AttributeClass?.Name == "CompilerGeneratedAttribute")
        && member is not IPropertySymbol { Name: "EqualityContract" }
        && member is not IMethodSymbol { MethodKind: MethodKind.Constructor, IsImplicitlyDeclared: true };

    private static int Rank(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => 0,
        IFieldSymbol => 1,
        IPropertySymbol => 2,
        IEventSymbol => 3,
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => 5,
        _ => 4,
    };
}
