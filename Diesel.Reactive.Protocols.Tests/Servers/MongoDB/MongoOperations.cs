using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>What is done with a server by whoever speaks with it, and what is to come of it.</summary>
/// <remarks>Each is a command as the drivers send it; the reply is compared without what differs by itself.</remarks>
internal static class MongoOperations
{
    private static readonly string[] Filters =
    [
        "{}", "{ _id: 3 }", "{ _id: { $in: [1, 4, 99] } }", "{ n: 2 }", "{ n: 2.0 }", "{ n: { $gt: 2 } }", "{ n: { $gte: 2, $lt: 4 } }", "{ n: { $ne: 2 } }", "{ n: { $nin: [1, 2] } }", "{ n: null }", "{ n: { $exists: true } }",
        "{ n: { $exists: false } }", "{ name: 'c' }", "{ name: /^[ab]$/ }", "{ name: { $regex: 'A', $options: 'i' } }", "{ tags: 'x' }", "{ tags: ['x', 'y'] }", "{ tags: { $all: ['x', 'y'] } }", "{ tags: { $size: 2 } }", "{ tags: { $size: 0 } }",
        "{ 'in.a': 1 }", "{ 'in.b.c': 'deep' }", "{ in: { a: 1, b: { c: 'deep' } } }", "{ 'items.q': 5 }", "{ items: { $elemMatch: { k: 'u', q: { $gt: 4 } } } }", "{ 'items.0.k': 'u' }", "{ scores: { $elemMatch: { $gt: 80, $lt: 90 } } }",
        "{ $or: [{ n: 1 }, { name: 'e' }] }", "{ $and: [{ n: { $gt: 1 } }, { n: { $lt: 4 } }] }", "{ $nor: [{ n: 1 }, { n: 2 }] }", "{ n: { $not: { $gt: 2 } } }", "{ n: { $mod: [2, 1] } }", "{ n: { $type: 'int' } }", "{ name: { $type: 'string' } }",
        "{ $expr: { $gt: ['$n', 2] } }", "{ flag: true }", "{ scores: { $gt: 95 } }", "{ flag: { $ne: true } }", "{ 'in.b': { $exists: true } }", "{ name: { $gte: 'b', $lt: 'd' } }", "{ n: { $in: [null, 1] } }", "{ items: { $size: 1 } }",
    ];

    private static readonly string[] Updates =
    [
        "{ $set: { a: 1 } }", "{ $set: { 'in.z': 1 } }", "{ $unset: { n: '' } }", "{ $inc: { n: 2 } }", "{ $inc: { m: 1 } }", "{ $mul: { n: 2.5 } }", "{ $min: { n: 2 } }", "{ $max: { n: 2 } }", "{ $rename: { name: 'title' } }", "{ $push: { tags: 'z' } }",
        "{ $push: { tags: { $each: ['p', 'q'], $slice: -2 } } }", "{ $push: { scores: { $each: [50], $sort: 1 } } }", "{ $push: { tags: { $each: ['f'], $position: 0 } } }", "{ $addToSet: { tags: 'x' } }", "{ $addToSet: { tags: { $each: ['x', 'w'] } } }",
        "{ $pull: { tags: 'x' } }", "{ $pull: { scores: { $gt: 80 } } }", "{ $pull: { items: { k: 'u' } } }", "{ $pullAll: { tags: ['x', 'y'] } }", "{ $pop: { tags: 1 } }", "{ $pop: { tags: -1 } }", "{ $setOnInsert: { a: 1 } }", "[{ $set: { twice: { $multiply: ['$n', 2] } } }]",
    ];

    private static readonly string[] Pipelines =
    [
        "[{ $match: { n: { $gt: 1 } } }, { $sort: { n: -1 } }]", "[{ $group: { _id: '$flag', n: { $sum: '$n' }, all: { $push: '$name' } } }, { $sort: { _id: 1 } }]", "[{ $group: { _id: null, least: { $min: '$n' }, most: { $max: '$n' }, mean: { $avg: '$n' } } }]",
        "[{ $sort: { _id: 1 } }, { $group: { _id: 1, first: { $first: '$name' }, last: { $last: '$name' } } }]", "[{ $project: { name: 1, double: { $multiply: ['$n', 2] } } }, { $sort: { _id: 1 } }]", "[{ $project: { _id: 0, up: { $toUpper: '$name' } } }, { $sort: { up: 1 } }]",
        "[{ $unwind: '$tags' }, { $group: { _id: '$tags', n: { $sum: 1 } } }, { $sort: { _id: 1 } }]", "[{ $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } }, { $count: 'n' }]", "[{ $addFields: { sum: { $add: ['$n', 1] } } }, { $sort: { _id: 1 } }, { $limit: 2 }]",
        "[{ $sort: { _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { n: 1 } }]", "[{ $lookup: { from: 'suite', localField: 'n', foreignField: '_id', as: 'others' } }, { $sort: { _id: 1 } }, { $project: { 'others.name': 1 } }]",
        "[{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: '$in' } }]", "[{ $project: { kind: { $cond: [{ $gt: ['$n', 2] }, 'big', 'small'] } } }, { $sort: { _id: 1 } }]", "[{ $sortByCount: '$flag' }, { $limit: 1 }, { $project: { count: 1, _id: 0 } }]", "[{ $unset: ['in', 'items', 'tags', 'scores'] }, { $sort: { _id: 1 } }]",
    ];

    private static readonly string[] Others =
    [
        "{ count: 'suite', query: {} }", "{ count: 'suite', query: { n: { $gt: 2 } }, limit: 1 }", "{ count: 'suite', query: {}, skip: 3 }", "{ distinct: 'suite', key: 'tags', query: {} }", "{ distinct: 'suite', key: 'in.a', query: { n: 1 } }",
        "{ find: 'suite', sort: { n: -1, _id: 1 } }", "{ find: 'suite', sort: { name: 1 }, skip: 2, limit: 2 }", "{ find: 'suite', sort: { tags: 1, _id: 1 }, projection: { tags: 1 } }", "{ find: 'suite', filter: {}, projection: { _id: 0, name: 1 }, sort: { _id: 1 } }",
        "{ find: 'suite', projection: { in: 0, items: 0 }, sort: { _id: 1 } }", "{ find: 'suite', projection: { 'in.a': 1 }, sort: { _id: 1 } }", "{ find: 'suite', projection: { tags: { $slice: 1 } }, sort: { _id: 1 } }", "{ find: 'suite', limit: 2, singleBatch: true, sort: { _id: 1 } }",
        "{ find: 'nothing' }", "{ find: 'suite', filter: { n: { $nothing: 1 } } }", "{ find: 'suite', skip: -1 }", "{ aggregate: 'suite', pipeline: [{ $nothing: 1 }], cursor: {} }", "{ nothing: 1 }", "{ ping: 1 }", "{ getMore: { $numberLong: '42' }, collection: 'suite' }",
        "{ findAndModify: 'suite', query: { _id: 2 }, update: { $inc: { n: 1 } }, new: true, fields: { n: 1 } }", "{ findAndModify: 'suite', query: { n: 3 }, update: { $set: { a: 1 } }, fields: { name: 1 } }", "{ findAndModify: 'suite', query: {}, sort: { n: -1, _id: -1 }, remove: true, fields: { _id: 1 } }",
        "{ findAndModify: 'suite', query: { _id: 50 }, update: { $set: { a: 1 } }, upsert: true, new: true }", "{ findAndModify: 'suite', query: { _id: 51 }, update: { $set: { a: 1 } } }", "{ insert: 'suite', documents: [{ _id: 60 }, { _id: 1 }, { _id: 61 }] }", "{ insert: 'suite', documents: [{ _id: 60 }, { _id: 1 }, { _id: 61 }, { _id: 1 }], ordered: false }",
        "{ delete: 'suite', deletes: [{ q: { n: 1 }, limit: 1 }, { q: { n: { $gt: 3 } }, limit: 0 }] }", "{ update: 'suite', updates: [{ q: { _id: 70 }, u: { $set: { a: 1 } }, upsert: true }, { q: { _id: 1 }, u: { a: 1 } }] }", "{ update: 'suite', updates: [{ q: {}, u: { a: 1 }, multi: true }] }",
        "{ update: 'suite', updates: [{ q: { _id: 1 }, u: { $set: { _id: 9 } } }] }", "{ update: 'suite', updates: [{ q: { name: 'new', n: { $gt: 5 } }, u: { $set: { a: 1 }, $setOnInsert: { _id: 80 } }, upsert: true }] }", "{ createIndexes: 'suite', indexes: [{ key: { name: 1 }, name: 'name_1', unique: true }] }",
        "{ createIndexes: 'suite', indexes: [{ key: { flag: 1 }, name: 'flag_1', unique: true }] }", "{ listIndexes: 'suite' }", "{ dropIndexes: 'suite', index: 'nothing' }", "{ drop: 'nothing' }", "{ drop: 'suite' }", "{ create: 'suite' }", "{ create: 'made' }", "{ listCollections: 1, filter: { name: 'suite' } }",
    ];

    /// <summary>What there is before each of them.</summary>
    public static BsonDocument[] Documents { get; } =
    [
        BsonDocument.Parse("{ _id: 1, n: 1, name: 'a', flag: true, tags: ['x', 'y'], scores: [82, 97], in: { a: 1, b: { c: 'deep' } }, items: [{ k: 'u', q: 5 }, { k: 'v', q: 1 }] }"),
        BsonDocument.Parse("{ _id: 2, n: 2, name: 'b', flag: false, tags: ['y'], scores: [60], in: { a: 2 }, items: [{ k: 'v', q: 5 }] }"),
        BsonDocument.Parse("{ _id: 3, n: 3, name: 'c', flag: true, tags: [], scores: [85, 10] }"), BsonDocument.Parse("{ _id: 4, n: 4, name: 'd', tags: ['x', 'z'], items: [{ k: 'u', q: 3 }] }"), BsonDocument.Parse("{ _id: 5, name: 'e' }"),
    ];

    /// <summary>The commands, without <c>$db</c>.</summary>
    public static IReadOnlyList<BsonDocument> All { get; } =
    [
        .. Filters.Select(static filter => BsonDocument.Parse($"{{ find: 'suite', filter: {filter}, sort: {{ _id: 1 }} }}")),
        .. Filters.Select(static filter => BsonDocument.Parse($"{{ count: 'suite', query: {filter} }}")),
        .. Updates.Select(static update => BsonDocument.Parse($"{{ update: 'suite', updates: [{{ q: {{ _id: 1 }}, u: {update} }}] }}")),
        .. Updates.Select(static update => BsonDocument.Parse($"{{ findAndModify: 'suite', query: {{ _id: 4 }}, update: {update}, new: true }}")),
        .. Updates.Where(static update => !update.Contains("$pop") && !update.Contains("$pull")).Select(static update => BsonDocument.Parse($"{{ findAndModify: 'suite', query: {{ _id: 90 }}, update: {update}, upsert: true, new: true }}")),
        .. Pipelines.Select(static pipeline => BsonDocument.Parse($"{{ aggregate: 'suite', pipeline: {pipeline}, cursor: {{}} }}")),
        .. Others.Select(BsonDocument.Parse),
    ];
}
