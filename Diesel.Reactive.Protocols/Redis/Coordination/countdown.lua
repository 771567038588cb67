-- A hash: n is what it began with, r what remains; a set of the ids of ticks. What remains is told on the channel that is called as the key.
local function remaining(key, count)
  local both = redis.call('HMGET', key, 'n', 'r')
  if not both[1] then
    redis.call('HSET', key, 'n', count, 'r', count)
    return tonumber(count)
  elseif both[1] ~= count then
    return nil, redis.error_reply('DIESELOTHER this countdown began with ' .. both[1] .. ', not with ' .. count)
  end
  return tonumber(both[2])
end

-- Arguments: how long it is kept, what it begins with, the writer, its number, then the id of each tick; empty: it has none.
offer('diesel_countdown_tick', function(key, args)
  return once(key, args[4], args[5], function()
    local left, no = remaining(key, args[3])
    if no then
      return no
    end
    local ids, before, said = key .. ':ids', left, {}
    for i = 6, #args do
      if left > 0 and (args[i] == '' or redis.call('SADD', ids, args[i]) == 1) then
        left = left - 1
      end
      said[#said + 1] = left
    end
    if left ~= before then
      redis.call('HSET', key, 'r', left)
      redis.call('SPUBLISH', key, left)
    end
    redis.call('PEXPIRE', key, args[2])
    redis.call('PEXPIRE', ids, args[2])
    return said
  end)
end)

-- Arguments: how long it is kept, what it begins with.
offer('diesel_countdown_look', function(key, args)
  local left, no = remaining(key, args[3])
  redis.call('PEXPIRE', key, args[2])
  redis.call('PEXPIRE', key .. ':ids', args[2])
  return no or left
end)
