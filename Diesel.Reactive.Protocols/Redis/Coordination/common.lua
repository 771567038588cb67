-- What the libraries of Diesel.Reactive's coordination share. Each of them begins with this text, and stands alone.
-- All keys of an object are KEYS[1] and what begins with it and a colon: its name stands in braces, so they are in one slot.
local VERSION = 1
local HOUR = 3600000

-- Milliseconds, by the server: programs' clocks count for nothing.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function whole(number)
  return string.format('%.0f', number)
end

-- A step may arrive twice, when its reply was lost: its writer numbers its steps, and what the last has left is kept for a while. One that a later step of its
-- writer has overtaken comes for nobody any more.
local function before(place, number)
  local found = redis.call('GET', place)
  local last = found and cmsgpack.unpack(found) or {'0'}
  if tonumber(last[1]) > tonumber(number) then
    error({err = 'DIESELLATE step ' .. number .. ' comes behind step ' .. last[1] .. ' of the same program'})
  end
  return last[1] == number and last[2]
end

local function once(key, writer, number, step)
  local place = key .. ':w:' .. writer
  local reply = before(place, number)
  if reply then
    -- A write, so that WAIT on this connection waits for all that was written before.
    redis.call('PEXPIRE', place, HOUR)
    return reply
  end
  reply = step()
  redis.call('SET', place, cmsgpack.pack({number, reply}), 'PX', HOUR)
  return reply
end

-- The first argument is the caller's version. It replaces an older library; a newer one refuses it.
local function offer(name, step)
  redis.register_function(name, function(keys, args)
    local theirs = tonumber(args[1])
    if theirs > VERSION then
      return redis.error_reply('DIESELOLD the functions here are of version ' .. VERSION)
    elseif theirs < VERSION then
      return redis.error_reply('DIESELNEW the functions here are of version ' .. VERSION .. ', the program is of version ' .. args[1] .. ': bring it up to date')
    end
    return step(keys[1], args)
  end)
end
