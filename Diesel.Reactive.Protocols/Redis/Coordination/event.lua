-- A hash: v grows with each change, s is 1 when it is set. Each change is told on the channel that is called as the key.
local function state(key)
  local both = redis.call('HMGET', key, 'v', 's')
  return tonumber(both[1]) or now() * 1000, both[2] == '1'
end

local function text(version, isSet)
  return whole(version) .. (isSet and ' 1' or ' 0')
end

-- Arguments: how long it is kept, the writer, its number, then 1 (set) or 0 (clear) for each change.
offer('diesel_event_change', function(key, args)
  return once(key, args[3], args[4], function()
    local said = {}
    for i = 5, #args do
      local version, isSet = state(key)
      local wanted = args[i] == '1'
      if wanted ~= isSet then
        version = version + 1
        redis.call('HSET', key, 'v', whole(version), 's', args[i])
        redis.call('SPUBLISH', key, text(version, wanted))
      end
      said[#said + 1] = text(version, wanted)
    end
    redis.call('PEXPIRE', key, args[2])
    return said
  end)
end)

-- Arguments: how long it is kept.
offer('diesel_event_look', function(key, args)
  redis.call('PEXPIRE', key, args[2])
  return text(state(key))
end)
