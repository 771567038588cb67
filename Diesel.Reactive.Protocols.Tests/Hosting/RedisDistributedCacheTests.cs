using System.Buffers;
using System.Text;
using Diesel.Reactive.Hosting;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Diesel.Reactive.Tests;

/// <summary>.NET's distributed cache over Debian's redis-server.</summary>
public class RedisDistributedCacheTests
{
    private RedisServer _server = null!;
    private IHost _host = null!;
    private RedisClient _redis = null!;
    private IDistributedCache _cache = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = RedisServer.Start();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Diesel:Redis", $"redis://127.0.0.1:{_server.Port}")]);
        builder.Services.AddRedisClient("redis://nowhere").AddRedisDistributedCache("app:");
        _host = builder.Build();
        await _host.StartAsync();
        (_redis, _cache) = (_host.Services.GetRequiredService<RedisClient>(), _host.Services.GetRequiredService<IDistributedCache>());
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _host?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public async Task Clear() => await _redis.FlushAll();

    [Test]
    public async Task What_was_set_is_found_until_it_is_removed()
    {
        await _cache.SetStringAsync("k", "v");
        var found = await _cache.GetStringAsync("k");
        await _cache.RemoveAsync("k");
        Assert.That((found, await _cache.GetStringAsync("k"), await _cache.GetAsync("never")), Is.EqualTo(("v", (string?)null, (byte[]?)null)));
    }

    [Test]
    public void It_may_block()
    {
        _cache.SetString("k", "v");
        _cache.Refresh("k");
        var found = _cache.GetString("k");
        _cache.Remove("k");
        Assert.That((found, _cache.GetString("k")), Is.EqualTo(("v", (string?)null)));
    }

    [Test]
    public void But_not_on_the_hub()
    {
        var live = _host.Services.GetRequiredService<Hub>();
        var thrown = new TaskCompletionSource<Exception>();
        live.Post(_ =>
        {
            try
            {
                _cache.Get("k");
            }
            catch (InvalidOperationException error)
            {
                thrown.SetResult(error);
            }
        });
        Assert.That(thrown.Task.WaitAsync(Live.Patience).GetAwaiter().GetResult().Message, Does.Contain("ends with Async"));
    }

    [Test]
    public async Task Buffers_go_in_and_out()
    {
        var buffers = _host.Services.GetRequiredService<IBufferDistributedCache>();
        var value = new ReadOnlySequence<byte>("value"u8.ToArray());
        await buffers.SetAsync("k", value, new(), default);
        var (found, not) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        Assert.That((await buffers.TryGetAsync("k", found), Encoding.UTF8.GetString(found.WrittenSpan), await buffers.TryGetAsync("no", not), not.WrittenCount),
            Is.EqualTo((true, "value", false, 0)));
    }

    // absexp, sldexp and data are the other library's.
    [TestCase(null, null, null)]
    [TestCase(60, null, 60)]
    [TestCase(null, 30, 30)]
    [TestCase(60, 30, 30)]
    [TestCase(20, 30, 20)]
    public async Task An_entry_lives_as_long_as_was_said(int? absolute, int? sliding, int? lives)
    {
        await _redis.Set("app:k", "of another kind", new() { Expiry = TimeSpan.FromSeconds(5) });
        await _redis.Del("app:k");
        await _cache.SetAsync("k", [1], new() { AbsoluteExpirationRelativeToNow = Seconds(absolute), SlidingExpiration = Seconds(sliding) });
        var fields = await _redis.HMGet("app:k", "absexp", "sldexp", "data");
        Assert.That((await _redis.Ttl("app:k"))?.TotalSeconds, lives is { } seconds ? Is.EqualTo(seconds).Within(1.5) : Is.Null);
        Assert.That((fields[0] == (Bytes)"-1", fields[1]?.ToText()), Is.EqualTo((absolute is null, sliding is null ? "-1" : $"{Seconds(sliding)!.Value.Ticks}")));
    }

    [Test]
    public async Task Reading_lets_it_rest_anew([Values] bool refreshes)
    {
        await _cache.SetAsync("k", [1], new() { SlidingExpiration = TimeSpan.FromSeconds(100) });
        await _redis.Expire("app:k", TimeSpan.FromSeconds(5));
        await (refreshes ? _cache.RefreshAsync("k") : _cache.GetAsync("k"));
        Assert.That((await _redis.Ttl("app:k"))?.TotalSeconds, Is.GreaterThan(90));
    }

    [Test]
    public async Task An_entry_that_is_set_again_without_an_end_has_none()
    {
        await _cache.SetAsync("k", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(100) });
        await _cache.SetAsync("k", [2], new());
        Assert.That(await _redis.Ttl("app:k"), Is.Null);
    }

    [Test]
    public void One_that_would_be_over_is_refused() =>
        Assert.That(async () => await _cache.SetAsync("k", [1], new() { AbsoluteExpiration = DateTimeOffset.UnixEpoch }), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Who_waits_no_longer_is_told_so()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(async () => await _cache.GetAsync("k", cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_string_that_is_none_fails_the_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Diesel:Redis", "http://x")]);
        builder.Services.AddRedisClient();
        using var host = builder.Build();
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<FormatException>().With.Message.StartsWith("Diesel:Redis is 'http://x'"));
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;
}
