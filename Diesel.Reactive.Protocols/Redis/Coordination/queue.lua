-- A stream with the items (field v) that nobody has acknowledged, and a group that knows how far they were handed out, and nothing else.
--   :due    sorted set of what was handed out and is not acknowledged, by the time from which it may be handed out again
--   :times  hash of how often it was handed out, when that is not once; with an f before it when nobody holds it
--   :why    hash of the last errors
--   :late   stream of what was put with a delay; :soon, sorted set of its ids by the time when it is put
--   :dead   stream of what was handed out too often
--   :once:… what was put with a key of its own, for a while
--   :idle   is there when somebody waits
local GROUP = 'all'
local CONSUMER = 'all'

-- Who waits said so when there was nothing; all who wait are told once.
local function wake(key)
  if redis.call('DEL', key .. ':idle') == 1 then
    redis.call('SPUBLISH', key, 'more')
  end
end

local function forget(key, ...)
  redis.call('XDEL', key, ...)
  redis.call('ZREM', key .. ':due', ...)
  redis.call('HDEL', key .. ':times', ...)
  redis.call('HDEL', key .. ':why', ...)
end

-- A time that is over, and in the order of the stream: where an item stands that nobody has seen.
local function origin(id)
  local time, number = string.match(id, '^(%d+)-(%d+)$')
  return string.format('%.6f', time + math.min(number, 4095) / 4096)
end

local function valueOf(fields)
  for i = 1, #fields, 2 do
    if fields[i] == 'v' then
      return fields[i + 1]
    end
  end
end

-- keeps: how many dead letters at most.
local function bury(key, id, times, why, keeps)
  local found = redis.call('XRANGE', key, id, id)
  if found[1] then
    redis.call('XADD', key .. ':dead', 'MAXLEN', keeps, '*', 'v', valueOf(found[1][2]) or '', 'id', id, 'count', times, 'error', why)
  end
  forget(key, id)
end

local function ripen(key, time, count)
  local ids = redis.call('ZRANGEBYSCORE', key .. ':soon', '-inf', whole(time), 'LIMIT', 0, count)
  for _, id in ipairs(ids) do
    local found = redis.call('XRANGE', key .. ':late', id, id)
    if found[1] then
      redis.call('XADD', key, '*', unpack(found[1][2]))
    end
    redis.call('XDEL', key .. ':late', id)
    redis.call('ZREM', key .. ':soon', id)
  end
  if #ids > 0 and redis.call('XLEN', key .. ':late') == 0 then
    redis.call('DEL', key .. ':late')
  end
end

local function group(key)
  local made = redis.pcall('XGROUP', 'CREATE', key, GROUP, '0', 'MKSTREAM')
  if made.err and string.sub(made.err, 1, 9) ~= 'BUSYGROUP' then
    error(made)
  end
end

-- NOACK: what is pending is in :due, and the group's own list of it would cost as much again.
local function fresh(key, count)
  local read = redis.pcall('XREADGROUP', 'GROUP', GROUP, CONSUMER, 'COUNT', count, 'NOACK', 'STREAMS', key, '>')
  if read and read.err then
    if string.sub(read.err, 1, 7) ~= 'NOGROUP' then
      error(read)
    end
    group(key)
    read = redis.call('XREADGROUP', 'GROUP', GROUP, CONSUMER, 'COUNT', count, 'NOACK', 'STREAMS', key, '>')
  end
  return read and read[1][2] or {}
end

-- It is there as long as anything is in it, and a while longer.
local function keep(key, span)
  if redis.call('XLEN', key) == 0 then
    redis.call('PEXPIRE', key, span)
  else
    redis.call('PERSIST', key)
  end
end

-- Arguments: how long it is kept empty, how many items at most (0: any), how long keys of items are remembered, the writer, its number, then value, key and
-- delay of each item. An item that finds no room is false.
offer('diesel_queue_put', function(key, args)
  return once(key, args[5], args[6], function()
    local most, time, said = tonumber(args[3]), now(), {}
    local length = most > 0 and redis.call('XLEN', key) + redis.call('ZCARD', key .. ':soon') or 0
    for i = 7, #args, 3 do
      local value, own, delay = args[i], args[i + 1], tonumber(args[i + 2])
      local place = own ~= '' and key .. ':once:' .. own
      local id = place and redis.call('GET', place)
      if not id and (most == 0 or length < most) then
        length = length + 1
        if delay > 0 then
          id = redis.call('XADD', key .. ':late', '*', 'v', value)
          redis.call('ZADD', key .. ':soon', whole(time + delay), id)
        else
          id = redis.call('XADD', key, '*', 'v', value)
        end
        if place then
          redis.call('SET', place, id, 'PX', args[4])
        end
      end
      said[#said + 1] = id
    end
    keep(key, args[2])
    wake(key)
    return said
  end)
end)

-- A small sorted set is a list that is gone through for each that is added, unless one is long when it is made.
local LONG = 'nothing: it is here while others are added, and longer than 64 characters'

local function hold(due, held)
  if #held > 32 then
    redis.call('ZADD', due, 0, LONG, unpack(held))
    redis.call('ZREM', due, LONG)
  elseif #held > 0 then
    redis.call('ZADD', due, unpack(held))
  end
end

-- Arguments: how long it is kept empty, for how long an item is the consumer's, how often one is handed out at most (0: any), how many dead letters are kept,
-- the writer, its number, how many are wanted. Says the items, each with its id, how often it was handed out, and its value; how many milliseconds from now there
-- may be more (-1: nobody knows); and what was no item.
offer('diesel_queue_take', function(key, args)
  local span, most, keeps, wanted = tonumber(args[3]), tonumber(args[4]), args[5], tonumber(args[8])
  local time = now()
  local due, times = key .. ':due', key .. ':times'
  local wrong = {}
  -- Its reply was lost: the same are its own once more, those that still are there.
  local place = key .. ':w:' .. args[6]
  local last, got = before(place, args[7]), {}
  if last then
    for _, id in ipairs(last) do
      local found = redis.call('XRANGE', key, id, id)
      if found[1] then
        redis.call('ZADD', due, whole(time + span), id)
        got[#got + 1] = {id, tonumber(redis.call('HGET', times, id) or 1), valueOf(found[1][2])}
      end
    end
  else
    ripen(key, time, wanted)
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', whole(time), 'LIMIT', 0, wanted)) do
      local before = redis.call('HGET', times, id) or '1'
      local count = tonumber((string.gsub(before, 'f', '')))
      if most > 0 and count >= most then
        bury(key, id, count, redis.call('HGET', key .. ':why', id) or 'nobody has said anything about it in time', keeps)
      else
        local found = redis.call('XRANGE', key, id, id)
        if found[1] then
          count = count + 1
          redis.call('HSET', times, id, count)
          redis.call('ZADD', due, whole(time + span), id)
          got[#got + 1] = {id, count, valueOf(found[1][2])}
        else
          forget(key, id)
        end
      end
    end
    local entries, held, till = #got < wanted and fresh(key, wanted - #got) or {}, {}, whole(time + span)
    while #entries > 0 do
      for _, entry in ipairs(entries) do
        local value = valueOf(entry[2])
        if value then
          held[#held + 1] = till
          held[#held + 1] = entry[1]
          got[#got + 1] = {entry[1], 1, value}
        else
          bury(key, entry[1], 0, 'it is no item of a queue: it has no field v', keeps)
          wrong[#wrong + 1] = entry[1]
        end
      end
      entries = #got < wanted and fresh(key, wanted - #got) or {}
    end
    hold(due, held)
    local ids = {}
    for i, item in ipairs(got) do
      ids[i] = item[1]
    end
    redis.call('SET', place, cmsgpack.pack({args[7], ids}), 'PX', HOUR)
  end
  keep(key, args[2])
  if #got >= wanted then
    return {got, 0, wrong}
  end
  redis.call('SET', key .. ':idle', 1, 'PX', args[2])
  local next = -1
  for _, set in ipairs({due, key .. ':soon'}) do
    local first = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
    if first[2] then
      local pause = math.max(0, tonumber(first[2]) - time)
      next = (next < 0 or pause < next) and pause or next
    end
  end
  return {got, next, wrong}
end)

-- Whether all are acknowledged by who got them first, and nobody has had them since: most often so.
local function areFirst(times, args)
  for i = 8, #args do
    if string.find(args[i], ' ', 1, true) then
      return false
    end
  end
  return redis.call('EXISTS', times) == 0 or next(redis.call('HMGET', times, unpack(args, 8))) == nil
end

-- Says 1 of each that was not done before. Where all were handed out, and nothing else is, they are the front of the stream, which goes by nodes, not entry by entry.
local function acknowledge(key, ids)
  local said, due, left = {}, key .. ':due', ids
  local areAll = redis.call('ZREM', due, unpack(ids)) == #ids
  if areAll and redis.call('EXISTS', due) == 0 and redis.call('XTRIM', key, 'MINID', ids[#ids]) == #ids - 1 then
    left = {ids[#ids]}
  end
  if areAll then
    redis.call('XDEL', key, unpack(left))
  end
  for i, id in ipairs(ids) do
    said[i] = areAll and 1 or redis.call('XDEL', key, id)
  end
  return said
end

-- What becomes of an item, and how often it was handed out, a delay, its id, and an error. An id alone: it is done, at its first delivery.
local function order(word)
  local what, count, delay, id, why = string.match(word, '^(%a) (%d+) (%d+) (%S+) (.*)$')
  return what or 'a', count or '1', tonumber(delay or 0), id or word, why
end

-- Arguments: how long it is kept empty, for how long an item is the consumer's, how often one is handed out at most (0: any), how many dead letters are kept, the
-- writer, its number, then what becomes of each item: a, it is done; n, it failed; r, it is the consumer's for longer; x, nobody has seen it. Says 1 of each, or 0
-- where it was not the consumer's any more.
offer('diesel_queue_settle', function(key, args)
  return once(key, args[6], args[7], function()
    local span, most, keeps = tonumber(args[3]), tonumber(args[4]), args[5]
    local due, times, said, isFree = key .. ':due', key .. ':times', {}, false
    if areFirst(times, args) then
      said = acknowledge(key, {unpack(args, 8)})
      keep(key, args[2])
      return said
    end
    local time, done, settled = now(), {}, {}
    for i = 8, #args do
      local what, count, delay, id, why = order(args[i])
      local isHeld = redis.call('ZSCORE', due, id) and not settled[id] and (redis.call('HGET', times, id) or '1') == count
      if isHeld then
        settled[id] = what ~= 'r'
        if what == 'a' then
          done[#done + 1] = id
        elseif what == 'r' then
          redis.call('ZADD', due, whole(time + span), id)
        elseif what == 'x' then
          redis.call('HSET', times, id, 'f' .. (count - 1))
          redis.call('ZADD', due, origin(id), id)
          isFree = true
        elseif most > 0 and tonumber(count) >= most then
          bury(key, id, count, why, keeps)
        else
          redis.call('HSET', times, id, 'f' .. count)
          redis.call('HSET', key .. ':why', id, why)
          redis.call('ZADD', due, whole(time + delay), id)
          isFree = true
        end
      end
      said[#said + 1] = isHeld and 1 or 0
    end
    if #done > 0 then
      forget(key, unpack(done))
    end
    keep(key, args[2])
    if isFree then
      wake(key)
    end
    return said
  end)
end)
