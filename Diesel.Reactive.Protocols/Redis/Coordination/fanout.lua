-- A stream with the items (fields n, its number, and v), bounded by length and age; :last, a hash with the number n and the id of the last.
local function last(key)
  local both = redis.call('HMGET', key .. ':last', 'n', 'id')
  return both[1] or '0', both[2] or '0-0'
end

local function keep(key, span)
  redis.call('PEXPIRE', key, span)
  redis.call('PEXPIRE', key .. ':last', span)
end

-- Arguments: how long it is kept, how many items, how old in milliseconds (0: any age), the writer, its number, then each item. Says the place of each.
offer('diesel_fanout_publish', function(key, args)
  return once(key, args[5], args[6], function()
    local said, id = {}, nil
    for i = 7, #args do
      local n = redis.call('HINCRBY', key .. ':last', 'n', 1)
      id = redis.call('XADD', key, 'MAXLEN', args[3], '*', 'n', n, 'v', args[i])
      said[#said + 1] = whole(n) .. '@' .. id
    end
    redis.call('HSET', key .. ':last', 'id', id)
    if args[4] ~= '0' then
      redis.call('XTRIM', key, 'MINID', whole(now() - args[4]))
    end
    keep(key, args[2])
    redis.call('SPUBLISH', key, 'more')
    return said
  end)
end)

-- Arguments: how long it is kept. Says the place of the last item.
offer('diesel_fanout_open', function(key, args)
  keep(key, args[2])
  local n, id = last(key)
  return n .. '@' .. id
end)

-- Arguments: how long it is kept, how old items may be, behind which id, how many at most. Says number, id and value of each.
offer('diesel_fanout_read', function(key, args)
  if args[3] ~= '0' then
    redis.call('XTRIM', key, 'MINID', whole(now() - args[3]))
  end
  keep(key, args[2])
  local said = {}
  for _, entry in ipairs(redis.call('XRANGE', key, '(' .. args[4], '+', 'COUNT', args[5])) do
    local fields = {}
    for i = 1, #entry[2], 2 do
      fields[entry[2][i]] = entry[2][i + 1]
    end
    said[#said + 1] = fields.n or '0'
    said[#said + 1] = entry[1]
    said[#said + 1] = fields.v or ''
  end
  return said
end)
