using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>Tuples as values of a stream, some of whose items are streams.</summary>
internal sealed class InnerTuple<TTuple> : InnerStream<TTuple>
{
    private readonly IInnerItem?[] _items = [.. typeof(TTuple).GetGenericArguments().Select(ItemOf)];

    /// <summary>Whether an item of a tuple is declared to be a stream.</summary>
    public static bool HasStreams => typeof(TTuple).IsValueType && typeof(TTuple).IsAssignableTo(typeof(ITuple)) && typeof(TTuple).GetGenericArguments() is { Length: <= 7 } items
        && items.Any(static item => ItemOf(item) is not null);

    protected override TTuple Recorded(MarbleRun run, TTuple value, string what) => Each(value, (item, of) => item.Record(run, of, what));

    protected override TTuple Expected(TTuple value) => Each(value, static (item, of) => item.Expect(of));

    private static IInnerItem? ItemOf(Type type)
    {
        var item = (IInnerItem)Activator.CreateInstance(typeof(InnerItem<>).MakeGenericType(type))!;
        return item.IsStream ? item : null;
    }

    private TTuple Each(TTuple value, Func<IInnerItem, object?, object?> change)
    {
        var tuple = (ITuple)value!;
        return (TTuple)Activator.CreateInstance(typeof(TTuple), [.. _items.Select((item, i) => item is null ? tuple[i] : change(item, tuple[i]))])!;
    }
}
