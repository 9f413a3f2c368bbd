#pragma once

#include "drivers/redis/stream/lua.h"

namespace prism::redis::streams {

// Pieces that the scripts of scripts.h are put together of. A step of work takes up to 250 entries,
// and reads at most 4 MiB of them at a time, or one that is larger.
inline constexpr Lua kBase(R"(
local stream, meta, groups, data, channel = KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2]
local durable = ARGV[3] == 'd'
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000000 + time[2]
local first_free = 4503599627370496

local function size(fields)
  local bytes = 0
  for i = 3, #fields, 2 do bytes = bytes + #fields[i] - 1 + #fields[i + 1] end
  return bytes
end

local function step()
  local largest = tonumber(call('HGET', meta, 'm') or 1)
  return math.max(1, math.min(250, math.floor(4194304 / math.max(largest, 1))))
end

local function scan(from, to, limit, visit)
  local most = step()
  while limit > 0 do
    local count = math.min(most, limit)
    local entries = call('XRANGE', stream, from, to, 'COUNT', count)
    for _, entry in ipairs(entries) do
      if not visit(entry) then return end
    end
    if #entries < count then return end
    limit = limit - count
    from = '(' .. entries[count][1]
  end
end

local page, page_bytes = {}, 0
local function add(entry)
  local bytes = size(entry[2])
  if #page == 1000 or (#page > 0 and page_bytes + bytes > 1048576) then return false end
  page[#page + 1] = entry
  page_bytes = page_bytes + bytes
  return true
end

local wakes = {}
local function wake()
  for id in pairs(wakes) do call('PUBLISH', channel, id) end
end

local function base_of(group) return data .. group .. ':' end

local function pending_of(base, id)
  local value = call('HGET', base .. 'p', id)
  if not value then return end
  return string.match(value, '^(%d+) (%d+) (.*)$')
end

local function unhold(group, id, holder)
  if holder == '' then return end
  local base = base_of(group)
  local held = base .. 'h:' .. holder
  local max = tonumber(string.match(call('HGET', base .. 'm', holder) or ' 0', ' (%d+)$'))
  if max > 0 and call('SCARD', held) >= max then wakes[group] = true end
  call('SREM', held, id)
  if max == 0 and call('EXISTS', held) == 0 then call('HDEL', base .. 'm', holder) end
end

local function settle(group, id)
  local base = base_of(group)
  local count, number, holder = pending_of(base, id)
  if not count then return end
  call('HDEL', base .. 'p', id)
  call('ZREM', base .. 'd', id)
  unhold(group, id, holder)
  return tonumber(number)
end

local function free(group, id)
  local base = base_of(group)
  local count, number, holder = pending_of(base, id)
  call('HSET', base .. 'p', id, count .. ' ' .. number .. ' ')
  call('ZADD', base .. 'd', number - first_free, id)
  unhold(group, id, holder)
  wakes[group] = true
end

-- Claims may have given a member any number: what is over 5000 waits for the ack wait.
local function leave(group, member)
  local base = base_of(group)
  call('ZREM', base .. 'l', member)
  local held = call('SRANDMEMBER', base .. 'h:' .. member, 5000)
  if #held == 0 then return call('HDEL', base .. 'm', member) end
  call('HSET', base .. 'm', member, ' 0')
  if durable then return end
  for _, id in ipairs(held) do free(group, id) end
end

-- Frees what has waited too long, and what members have whose gateway is gone.
local function tidy(group)
  local base = base_of(group)
  for _, member in ipairs(call('ZRANGEBYSCORE', base .. 'l', '-inf', now, 'LIMIT', 0, 10)) do
    leave(group, member)
  end
  local wait = call('HGET', base .. 'g', 'w') * 1000
  for _, id in ipairs(call('ZRANGEBYSCORE', base .. 'd', 1, now - wait, 'LIMIT', 0, 1000)) do
    free(group, id)
  end
  return wait
end

local function forget(ids, bytes)
  if #ids == 0 then return end
  call('XDEL', stream, unpack(ids))
  call('HINCRBY', meta, 'b', -bytes)
  for _, group in ipairs(call('HVALS', groups)) do
    local pending = base_of(group) .. 'p'
    if call('EXISTS', pending) == 1 then
      for i, found in ipairs(call('HMGET', pending, unpack(ids))) do
        if found then settle(group, ids[i]) end
      end
    end
  end
end

local function trim_to(age, bytes, records)
  if not (age or bytes or records) then return 1 end
  local kept = call('HMGET', meta, 'b', 'o')
  local length, left = call('XLEN', stream), tonumber(kept[1] or 0)
  local since = age and math.floor(now / 1000) - age
  local too_many = records and length > records
  local too_large = bytes and left > bytes and length > 1
  local too_old = since and length > 0 and tonumber(kept[2] or 0) < since
  if not (too_many or too_large or too_old) then return 1 end
  local ids, removed = {}, 0
  scan('-', '+', 250, function(entry)
    local made = tonumber(string.match(entry[1], '^%d+'))
    local over = (records and length > records) or (bytes and left > bytes and length > 1) or
        (since and made < since)
    if not over then
      call('HSET', meta, 'o', string.format('%.0f', made))
      return false
    end
    local entry_bytes = size(entry[2])
    ids[#ids + 1] = entry[1]
    removed = removed + entry_bytes
    left = left - entry_bytes
    length = length - 1
    return true
  end)
  forget(ids, removed)
  return #ids == 250 and 0 or 1
end

-- A topic without durable names keeps its newest messages for an hour.
local function trim()
  if durable then
    if call('EXISTS', groups) == 1 then return 1 end
    local done = trim_to(3600000, 1048576, 1000)
    if call('XLEN', stream) == 0 then
      call('UNLINK', stream, meta)
    else
      call('PEXPIRE', stream, 3600000)
      call('PEXPIRE', meta, 3600000)
    end
    return done
  end
  local bounds = call('HMGET', meta, 'age', 'bytes', 'records')
  return trim_to(tonumber(bounds[1] or nil), tonumber(bounds[2] or nil), tonumber(bounds[3] or nil))
end
)");

inline constexpr Lua kAppending(R"(
local function append(fields)
  local found = call('HMGET', meta, 'n', 'b', 'm')
  fields[2] = (tonumber(found[1]) or 0) + 1
  local bytes = size(fields)
  local id = call('XADD', stream, 'NOMKSTREAM', '*', unpack(fields))
  if not id then
    -- So that ids of a stream that was deleted in this very millisecond do not come again.
    local first = string.format('%.0f-%.0f', math.floor(now / 1000), now % 1000)
    id = call('XADD', stream, first, unpack(fields))
  end
  call('HSET', meta, 'n', fields[2], 'b', (tonumber(found[2]) or 0) + bytes, 'last', id,
       'm', math.max(tonumber(found[3]) or 0, bytes))
  call('PUBLISH', channel, 'a')
  return id
end
)");

// Positions of groups: what XRANGE begins with, and the number of the record before.
inline constexpr Lua kPlaces(R"(
local function place_behind_newest()
  local found = call('HMGET', meta, 'last', 'n')
  return found[1] and '(' .. found[1] or '-', tonumber(found[2]) or 0
end

local function place_at(offset)
  local entry = call('XRANGE', stream, offset, '+', 'COUNT', 1)[1]
  if entry then return offset, entry[2][2] - 1 end
  local _, number = place_behind_newest()
  return offset, number
end

local function move(group, position, number)
  local base = base_of(group)
  for _, member in ipairs(call('HKEYS', base .. 'm')) do
    call('UNLINK', base .. 'h:' .. member)
    if call('HGET', base .. 'm', member) == ' 0' then call('HDEL', base .. 'm', member) end
  end
  call('UNLINK', base .. 'p', base .. 'd')
  call('HSET', base .. 'g', 'p', position, 'pn', number, 'l', '')
  wakes[group] = true
end
)");

inline constexpr Lua kDropping(R"(
local function drop(group)
  local base = base_of(group)
  for _, member in ipairs(call('HKEYS', base .. 'm')) do call('UNLINK', base .. 'h:' .. member) end
  call('UNLINK', base .. 'g', base .. 'p', base .. 'd', base .. 'm', base .. 'l')
  wakes[group] = true
end
)");

// Gives an entry to a member; the entry is in the page already.
inline constexpr Lua kDelivering(R"(
local counts = {}
local function deliver(base, entry, count, member)
  local id = entry[1]
  counts[#counts + 1] = count
  call('ZADD', base .. 'd', now, id)
  call('HSET', base .. 'p', id, count .. ' ' .. entry[2][2] .. ' ' .. member)
  call('SADD', base .. 'h:' .. member, id)
end
)");

// Of topics: removes those of the entries that all groups have acked.
inline constexpr Lua kNeeding(R"(
local function remove_unneeded(ids, numbers, sizes)
  if #ids == 0 then return end
  local needed = {}
  for _, group in ipairs(call('HVALS', groups)) do
    local base = base_of(group)
    local position = tonumber(call('HGET', base .. 'g', 'pn'))
    for i, found in ipairs(call('HMGET', base .. 'p', unpack(ids))) do
      if found or numbers[i] > position then needed[i] = true end
    end
  end
  local gone, bytes = {}, 0
  for i, id in ipairs(ids) do
    if not needed[i] then
      gone[#gone + 1] = id
      bytes = bytes + sizes[i]
    end
  end
  forget(gone, bytes)
end
)");

}  // namespace prism::redis::streams
